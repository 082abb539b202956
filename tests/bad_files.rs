//! safetensors files that are not what they should be: an error that names the file and the
//! trouble, and never a panic.

use std::fs;
use std::path::{Path, PathBuf};

use volta::io::safetensors::{self, SafetensorsTrouble};
use volta::prelude::*;
use volta::{Error, StateDict};

fn file(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bad_files");
    fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// A file of this header and as many bytes of data.
fn of(header: &str, data: usize) -> Vec<u8> {
    let length = (header.len() as u64).to_le_bytes();
    [&length[..], header.as_bytes(), &vec![0; data]].concat()
}

/// The trouble with a file of these bytes, after a look at whether the message names the file.
fn trouble(name: &str, bytes: &[u8]) -> (SafetensorsTrouble, String) {
    let path = file(name);
    fs::write(&path, bytes).unwrap();
    let error = safetensors::load(&path).unwrap_err();
    let message = error.to_string();
    let Some(message) = message.strip_prefix(&format!("{}: ", path.display())) else {
        panic!("{message}")
    };
    let Error::Safetensors { trouble, .. } = error else {
        panic!("{error}")
    };
    (trouble, message.to_owned())
}

#[test]
fn truncated_files() {
    let layer: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
    let path = file("whole");
    layer.save_safetensors(&path).unwrap();
    let whole = fs::read(&path).unwrap();
    let header = 8 + u64::from_le_bytes(*whole.first_chunk().unwrap()) as usize;
    for length in 0..whole.len() {
        let (trouble, message) = trouble("truncated", &whole[..length]);
        match trouble {
            SafetensorsTrouble::NoHeader { len } => assert_eq!(len, length as u64),
            SafetensorsTrouble::HeaderLength { declared, found } => {
                assert_eq!((declared, found), (header as u64 - 8, length as u64 - 8));
            }
            SafetensorsTrouble::Truncated { declared, found } => {
                assert_eq!((declared, found), (32, (length - header) as u64));
            }
            other => panic!("{other}"),
        }
        assert!(message.contains("cut off") || length < 8, "{message}");
    }
    let longer = [&whole[..], &[0]].concat();
    let (trouble, _) = trouble("longer", &longer);
    let (declared, found) = (32, 33);
    assert_eq!(trouble, SafetensorsTrouble::Trailing { declared, found });
}

#[test]
fn files_of_another_format() {
    let garbage: Vec<u8> = (0..200_u32)
        .map(|i| (i.wrapping_mul(2654435761) >> 24) as u8)
        .collect();
    for (name, bytes) in [
        ("garbage", &garbage[..]),
        ("zip", b"PK\x03\x04\x00\x00\x08\x08\x00\x00archive/data.pkl"),
        ("text", b"these are no tensors"),
        ("ones", &[255; 64]),
    ] {
        let (trouble, message) = trouble(name, bytes);
        assert!(
            matches!(trouble, SafetensorsTrouble::HeaderLength { .. }),
            "{message}"
        );
        assert!(message.contains("no safetensors file"), "{message}");
    }
    let (trouble, message) = trouble("list", &of("[1, 2, 3]", 0));
    assert_eq!(trouble, SafetensorsTrouble::Magic(b'['));
    assert!(message.contains("starts with the byte 5b"), "{message}");
}

#[test]
fn a_header_beyond_the_file_takes_no_memory() {
    for declared in [u64::MAX, u64::MAX - 7, 1 << 40, 100_000_001, 9] {
        let bytes = [&declared.to_le_bytes()[..], b"{      }"].concat();
        let (trouble, message) = trouble("header", &bytes);
        let found = 8;
        assert_eq!(
            trouble,
            SafetensorsTrouble::HeaderLength { declared, found }
        );
        assert!(message.contains(&declared.to_string()), "{message}");
    }
}

#[test]
fn a_header_is_never_longer_than_the_limit() {
    let path = file("long");
    let file = fs::File::create(&path).unwrap();
    // A hole: it takes no room on the disk.
    file.set_len(100_000_100).unwrap();
    drop(file);
    let length = 100_000_001_u64;
    let mut start = fs::OpenOptions::new().write(true).open(&path).unwrap();
    std::io::Write::write_all(&mut start, &length.to_le_bytes()).unwrap();
    drop(start);
    let error = safetensors::load(&path).unwrap_err();
    fs::remove_file(&path).unwrap();
    let Error::Safetensors { trouble, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(trouble, SafetensorsTrouble::HeaderTooLong(length));
}

#[test]
fn headers_that_are_no_json() {
    for header in [
        "{",
        "{\"a\"}",
        "{\"a\":1}",
        "{} {}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}",
        "{\"\\ud800\":{}}",
        "{\"__metadata__\":[]}",
    ] {
        let (trouble, _) = trouble("json", &of(header, 0));
        assert!(
            matches!(trouble, SafetensorsTrouble::Json(_)),
            "{header}: {trouble}"
        );
    }
    let deep = format!("{{\"a\":{{\"dtype\":{}", "[".repeat(100_000));
    assert!(matches!(
        trouble("deep", &of(&deep, 0)).0,
        SafetensorsTrouble::Json(_)
    ));
    let mut not_utf8 = of("{\"a\":{}}", 0);
    not_utf8[10] = 0xff;
    assert!(matches!(
        trouble("utf8", &not_utf8).0,
        SafetensorsTrouble::Json(_)
    ));
    assert!(matches!(
        trouble("empty", &of("", 0)).0,
        SafetensorsTrouble::Json(_)
    ));
}

#[test]
fn entries_that_lack_something() {
    for (entry, field) in [
        ("\"shape\":[1],\"data_offsets\":[0,4]", "dtype"),
        ("\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,4]", "dtype"),
        (
            "\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]",
            "dtype",
        ),
        ("\"dtype\":\"F32\",\"data_offsets\":[0,4]", "shape"),
        (
            "\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]",
            "shape",
        ),
        (
            "\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]",
            "shape",
        ),
        (
            "\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]",
            "shape",
        ),
        ("\"dtype\":\"F32\",\"shape\":[1]", "data_offsets"),
        (
            "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]",
            "data_offsets",
        ),
        (
            "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]",
            "data_offsets",
        ),
    ] {
        let (_, message) = trouble("entry", &of(&format!("{{\"fc.bias\":{{{entry}}}}}"), 4));
        assert!(
            message.contains("`fc.bias`") && message.contains(field),
            "{message}"
        );
    }
    let (trouble, _) = trouble("note", &of("{\"__metadata__\":{\"epoch\":1}}", 0));
    assert_eq!(trouble, SafetensorsTrouble::Note("epoch".to_owned()));
}

fn entry(key: &str, dtype: &str, shape: &str, offsets: [u64; 2]) -> String {
    format!("\"{key}\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":{offsets:?}}}")
}

#[test]
fn element_types_that_the_format_has_not_are_all_listed() {
    let header = format!(
        "{{{},{},{},{}}}",
        entry("a", "I128", "[2]", [0, 4]),
        entry("b", "F32", "[1]", [4, 8]),
        entry("c", "f16", "[2]", [8, 12]),
        entry("d", "float32", "[1]", [12, 16]),
    );
    let (_, message) = trouble("dtypes", &of(&header, 16));
    assert_eq!(
        message,
        "safetensors has no element type for `a` (I128), `c` (f16), `d` (float32)"
    );
}

#[test]
fn offsets_that_are_not_the_tensors() {
    let two = |a: [u64; 2], b: [u64; 2]| {
        of(
            &format!(
                "{{{},{}}}",
                entry("a", "F32", "[2]", a),
                entry("b", "U8", "[4]", b)
            ),
            12,
        )
    };
    for (bytes, expected) in [
        (
            two([0, 8], [4, 8]),
            "tensor `b` starts at byte 4 of the data, but what is before it ends at 8",
        ),
        (
            two([0, 8], [0, 4]),
            "tensor `a` starts at byte 0 of the data, but what is before it ends at 4",
        ),
        (
            two([0, 8], [9, 13]),
            "tensor `b` starts at byte 9 of the data, but what is before it ends at 8",
        ),
        (
            two([4, 12], [4, 8]),
            "tensor `b` starts at byte 4 of the data, but what is before it ends at 0",
        ),
        (
            two([0, 6], [6, 10]),
            "tensor `a`: the shape [2] of F32 takes 8 bytes, its offsets 0 to 6 do not",
        ),
        (
            two([8, 0], [0, 4]),
            "tensor `a` starts at byte 8 of the data, but what is before it ends at 4",
        ),
    ] {
        assert_eq!(trouble("offsets", &bytes).1, expected);
    }
    let header = format!("{{{}}}", entry("a", "F32", "[1000000]", [0, 4_000_000]));
    let (declared, found) = (4_000_000, 12);
    assert_eq!(
        trouble("beyond", &of(&header, 12)).0,
        SafetensorsTrouble::Truncated { declared, found }
    );
    let twice = format!(
        "{{{},{}}}",
        entry("a", "U8", "[1]", [0, 1]),
        entry("a", "U8", "[1]", [0, 1])
    );
    assert_eq!(
        trouble("twice", &of(&twice, 1)).0,
        SafetensorsTrouble::Duplicate("a".to_owned())
    );
}

#[test]
fn sizes_that_overflow() {
    let huge = format!(
        "{{{}}}",
        entry("a", "F32", "[4294967296, 4294967296]", [0, 0])
    );
    let (_, message) = trouble("huge", &of(&huge, 0));
    assert!(message.contains("more than memory can hold"), "{message}");
    // Each tensor has a size, their sum has none.
    let half = u64::MAX / 2;
    let sum = format!(
        "{{{},{}}}",
        entry("a", "U8", &format!("[{half}]"), [0, half]),
        entry("b", "U8", &format!("[{half}]"), [half, 2 * half]),
    );
    let (declared, found) = (2 * half, 0);
    assert_eq!(
        trouble("sum", &of(&sum, 0)).0,
        SafetensorsTrouble::Truncated { declared, found }
    );
}

#[test]
fn what_is_no_file_says_so() {
    for path in [file("not/there"), file("")] {
        let error = safetensors::load(&path).unwrap_err();
        assert!(
            error.to_string().starts_with(path.to_str().unwrap()),
            "{error}"
        );
        assert!(matches!(error, Error::Io { .. }), "{error}");
    }
}

#[test]
fn a_model_says_which_file_does_not_fit() {
    let path = file("other");
    let header = format!(
        "{{{},{}}}",
        entry("weight", "F32", "[3, 2]", [0, 24]),
        entry("bias", "F16", "[2]", [24, 28])
    );
    fs::write(&path, of(&header, 28)).unwrap();
    let mut layer: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
    let before = layer.state_dict();
    let error = layer.load_safetensors(&path).unwrap_err().to_string();
    let lines: Vec<&str> = error.lines().collect();
    assert!(lines[0].starts_with(path.to_str().unwrap()), "{error}");
    assert_eq!(
        lines[1..],
        [
            "  weight: the model has shape [2, 3], the state has [3, 2]",
            "  bias: the model has f32 elements, the state has f16",
        ]
    );
    assert_eq!(layer.state_dict(), before);
}

/// Whatever happens to the bytes of a file, reading it ends in an error that names it, or in the
/// same tensors that the reference implementation reads.
#[test]
fn mutated_files_never_panic() {
    #[derive(Module)]
    struct Model<B: Backend = Cpu> {
        fc: Linear<3, 2, B>,
        #[module(buffer, init = Tensor::full_on((D,), true, device))]
        mask: Tensor<s![5], bool, B>,
        #[module(buffer, init = Tensor::full_on((), 3, device))]
        steps: Tensor<(), i64, B>,
    }
    let path = file("mutated");
    let mut model: Model = Init::init(&mut Rng::seed(0));
    let mut state = model.state_dict();
    state.metadata_mut().insert("epoch".into(), "7".into());
    safetensors::save(&path, &state).unwrap();
    let whole = fs::read(&path).unwrap();
    let header = 8 + u64::from_le_bytes(*whole.first_chunk().unwrap()) as usize;

    let mut random = Random(42);
    let (mut read_well, mut refused) = (0, 0);
    for round in 0..2_000 {
        let mut bytes = whole.clone();
        if round % 4 == 0 {
            // The data alone: a model of other numbers.
            let place = header + random.below(whole.len() - header);
            bytes[place] = random.next() as u8;
        }
        for _ in 0..random.below(4) {
            let place = random.below(bytes.len().min(header).max(1));
            match random.below(8) {
                0 => bytes.truncate(random.below(bytes.len() + 1)),
                1 => bytes.push(random.next() as u8),
                2 => bytes.insert(place.min(bytes.len()), random.next() as u8),
                3 if !bytes.is_empty() => drop(bytes.remove(place)),
                // A digit of a size or an offset.
                4 | 5 => {
                    let digits: Vec<usize> = (0..bytes.len().min(header))
                        .filter(|&i| bytes[i].is_ascii_digit())
                        .collect();
                    if !digits.is_empty() {
                        bytes[digits[random.below(digits.len())]] = b'0' + random.below(10) as u8;
                    }
                }
                6 if !bytes.is_empty() => {
                    let any = random.below(bytes.len());
                    bytes[any] ^= 1 << random.below(8);
                }
                _ if !bytes.is_empty() => bytes[place] = random.next() as u8,
                _ => {}
            }
        }
        fs::write(&path, &bytes).unwrap();
        let before = model.state_dict();
        match safetensors::load(&path) {
            Ok(read) => {
                assert_same(&read, &bytes);
                read_well += 1;
            }
            Err(error) => {
                assert!(
                    error.to_string().starts_with(path.to_str().unwrap()),
                    "{error}"
                );
                let mine_alone = matches!(
                    error,
                    Error::Safetensors {
                        trouble: SafetensorsTrouble::Dtypes(_) | SafetensorsTrouble::Duplicate(_),
                        ..
                    }
                );
                assert!(
                    mine_alone || ::safetensors::SafeTensors::deserialize(&bytes).is_err(),
                    "the reference implementation reads it: {error}"
                );
                refused += 1;
            }
        }
        if let Err(error) = model.load_safetensors(&path) {
            assert!(
                error.to_string().starts_with(path.to_str().unwrap()),
                "{error}"
            );
            assert_eq!(model.state_dict(), before);
        }
    }
    assert!(read_well > 200 && refused > 500, "{read_well} {refused}");
}

fn assert_same(read: &StateDict, bytes: &[u8]) {
    let reference = ::safetensors::SafeTensors::deserialize(bytes).unwrap();
    assert_eq!(read.len(), reference.len());
    for (key, tensor) in read.iter() {
        let view = reference.tensor(key).unwrap();
        assert_eq!((tensor.dims(), tensor.bytes()), (view.shape(), view.data()));
    }
}

/// xorshift64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}
