//! Zip archives and pickles, byte by byte.

/// A zip archive of these entries in the folder `archive`, not compressed and without sums.
pub(crate) fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let name = format!("archive/{name}");
        let start = out.len() as u32;
        let mut common = vec![0; 14];
        common[0] = 20;
        common.extend([(data.len() as u32).to_le_bytes(); 2].concat());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0; 2]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.bytes());
        out.extend(*data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.bytes());
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend([(entries.len() as u16).to_le_bytes(); 2].concat());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

/// What is in an archive that is not compressed, without its folder.
pub(crate) fn entries(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let word = |at: usize| u16::from_le_bytes([archive[at], archive[at + 1]]) as usize;
    let long = |at: usize| word(at) | word(at + 2) << 16;
    let end = archive.windows(4).rposition(|bytes| bytes == b"PK\x05\x06");
    let end = end.unwrap();
    let mut at = long(end + 16);
    let mut entries = Vec::new();
    for _ in 0..word(end + 10) {
        assert_eq!(
            (&archive[at..at + 4], word(at + 10)),
            (&b"PK\x01\x02"[..], 0)
        );
        let name = &archive[at + 46..][..word(at + 28)];
        let (_, name) = str::from_utf8(name).unwrap().split_once('/').unwrap();
        let start = long(at + 42);
        let start = start + 30 + word(start + 26) + word(start + 28);
        let data = &archive[start..][..long(at + 24)];
        entries.push((name.to_owned(), data.to_vec()));
        at += 46 + word(at + 28) + word(at + 30) + word(at + 32);
    }
    entries
}

/// A file of this pickle, without its protocol and its end, and these elements.
pub(crate) fn file(pickle: &Pickle, storages: &[&[u8]]) -> Vec<u8> {
    let pickle = [b"\x80\x02", &pickle.0[..], b"."].concat();
    raw_file(&pickle, storages)
}

/// A file of this whole pickle.
pub(crate) fn raw_file(pickle: &[u8], storages: &[&[u8]]) -> Vec<u8> {
    let names: Vec<String> = (0..storages.len()).map(|i| format!("data/{i}")).collect();
    let mut entries = vec![("data.pkl", pickle)];
    entries.extend(
        names
            .iter()
            .map(String::as_str)
            .zip(storages.iter().copied()),
    );
    archive(&entries)
}

/// The opcodes of a value, as pickles of protocol 2 have it.
#[derive(Clone)]
pub(crate) struct Pickle(pub(crate) Vec<u8>);

impl Pickle {
    pub(crate) fn of(opcodes: &[u8]) -> Self {
        Pickle(opcodes.to_vec())
    }

    pub(crate) fn text(text: &str) -> Self {
        let len = (text.len() as u32).to_le_bytes();
        Pickle([b"X", &len[..], text.as_bytes()].concat())
    }

    pub(crate) fn int(int: i64) -> Self {
        Pickle([&b"\x8a\x08"[..], &int.to_le_bytes()].concat())
    }

    pub(crate) fn global(module: &str, name: &str) -> Self {
        Pickle(format!("c{module}\n{name}\n").into_bytes())
    }

    pub(crate) fn tuple(items: &[Pickle]) -> Self {
        Pickle([b"(", &concat(items)[..], b"t"].concat())
    }

    pub(crate) fn list(items: &[Pickle]) -> Self {
        Pickle([b"](", &concat(items)[..], b"e"].concat())
    }

    pub(crate) fn dict(pairs: &[(Pickle, Pickle)]) -> Self {
        let pairs: Vec<Pickle> = (pairs.iter())
            .flat_map(|(key, value)| [key.clone(), value.clone()])
            .collect();
        Pickle([b"}(", &concat(&pairs)[..], b"u"].concat())
    }

    /// `{name: value}`.
    pub(crate) fn named(name: &str, value: Pickle) -> Self {
        Pickle::dict(&[(Pickle::text(name), value)])
    }

    pub(crate) fn call(module: &str, name: &str, arguments: &[Pickle]) -> Self {
        let function = Pickle::global(module, name);
        Pickle([&function.0[..], &Pickle::tuple(arguments).0, b"R"].concat())
    }

    pub(crate) fn storage(class: &str, key: &str, elements: i64) -> Self {
        let module = match class {
            "UntypedStorage" => "torch.storage",
            _ => "torch",
        };
        let id = Pickle::tuple(&[
            Pickle::text("storage"),
            Pickle::global(module, class),
            Pickle::text(key),
            Pickle::text("cpu"),
            Pickle::int(elements),
        ]);
        Pickle([&id.0[..], b"Q"].concat())
    }

    pub(crate) fn tensor(storage: Pickle, offset: i64, dims: &[i64], strides: &[i64]) -> Self {
        let sizes = |sizes: &[i64]| {
            Pickle::tuple(&sizes.iter().copied().map(Pickle::int).collect::<Vec<_>>())
        };
        Pickle::call(
            "torch._utils",
            "_rebuild_tensor_v2",
            &[
                storage,
                Pickle::int(offset),
                sizes(dims),
                sizes(strides),
                Pickle::of(b"\x89"),
                Pickle::call("collections", "OrderedDict", &[]),
            ],
        )
    }
}

fn concat(items: &[Pickle]) -> Vec<u8> {
    items
        .iter()
        .flat_map(|item| item.0.iter().copied())
        .collect()
}
