//! What is not read says why, and executes nothing.

use std::path::Path;

use volta::Error;
use volta::io::pytorch::{self, GROWTH, PytorchTrouble as Trouble, TensorTrouble};

use super::assemble::{Pickle, archive, file, raw_file};
use super::{bytes, fixture, trouble};

#[test]
fn what_would_execute_is_named_and_does_not() {
    let (evil, message) = trouble(&bytes("evil.pt"));
    assert!(matches!(&evil, Trouble::Global { name, .. } if name == "posix.system"));
    assert!(
        message.contains("would execute `posix.system`"),
        "{message}"
    );
    assert!(message.contains("nothing was executed"), "{message}");
    assert!(!Path::new("executed").exists());

    for (module, name) in [
        ("os", "system"),
        ("nt", "system"),
        ("subprocess", "Popen"),
        ("builtins", "eval"),
        ("__builtin__", "exec"),
        ("builtins", "getattr"),
        ("torch", "load"),
        ("torch", "FloatStorage.from_file"),
        ("torch", "hub.load"),
        ("torch.storage", "_load_from_bytes"),
        ("torch._utils", "_rebuild_tensor_v2.__globals__"),
        ("collections", "namedtuple"),
        ("numpy.core.multiarray", "_reconstruct"),
        ("", ""),
    ] {
        let named = format!("{module}.{name}");
        let argument = [Pickle::text("touch executed")];
        let global = Pickle::global(module, name).0;
        let tuple = Pickle::tuple(&argument).0;
        let on_stack = [
            &Pickle::text(module).0[..],
            &Pickle::text(name).0,
            b"\x93",
            &tuple,
            b"R",
        ];
        for pickle in [
            Pickle::call(module, name, &argument),
            Pickle([&global[..], &tuple, b"\x81"].concat()),
            Pickle(on_stack.concat()),
            // As a class that is only named, and as the attributes of a dict.
            Pickle(global.clone()),
            Pickle([b"}", &global[..], b"b"].concat()),
        ] {
            let (trouble, _) = trouble(&file(&Pickle::named("x", pickle), &[]));
            let Trouble::Global { name, .. } = trouble else {
                panic!("{named}: {trouble}")
            };
            assert_eq!(name, named);
        }
    }
    // A whole model is a class of it.
    let (_, message) = trouble(&bytes("module.pt"));
    for part in [
        "`torch.nn.modules.linear.Linear`",
        "torch.save(model.state_dict(), q)",
    ] {
        assert!(message.contains(part), "{message}");
    }
    let (_, message) = trouble(&bytes("sparse.pt"));
    assert!(
        message.contains("`torch._utils._rebuild_sparse_tensor`"),
        "{message}"
    );
}

#[test]
fn opcodes_that_pytorch_does_not_write_are_refused() {
    let known = b"(.012BCGJKMNQRTUX]abcehjqrstu})\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\
                  \x8f\x90\x91\x93\x94\x95\x96";
    for opcode in 0..=255_u8 {
        // With what an opcode might take before it, and behind it.
        let before = b"\x80\x04}]((}]X\x01\x00\x00\x00aX\x01\x00\x00\x00b";
        let pickle = [&before[..], &[opcode], b"a\nb\n"].concat();
        let (trouble, _) = trouble(&raw_file(&pickle, &[]));
        let at = before.len();
        assert_eq!(
            matches!(trouble, Trouble::Opcode { .. }) && trouble == Trouble::Opcode { at, opcode },
            !known.contains(&opcode),
            "{opcode:02x}: {trouble}"
        );
    }
}

#[test]
fn pickles_that_are_none_say_where() {
    let at = |pickle: &[u8]| {
        let (trouble, message) = trouble(&raw_file(pickle, &[]));
        let Trouble::Pickle { at, what } = trouble else {
            panic!("{trouble}")
        };
        assert_eq!(message, format!("data.pkl, byte {at}: {what}"));
        (at, what)
    };
    for (pickle, place, what) in [
        (&b""[..], 0, "cut off"),
        (b"}.", 0, "without its protocol"),
        (b"\x80\x01}.", 0, "protocol other than 2 to 5"),
        (b"\x80\x06}.", 0, "protocol other than 2 to 5"),
        (b"\x80\x02", 2, "cut off"),
        (b"\x80\x02.", 2, "takes more than there is"),
        (b"\x80\x02}.x", 3, "goes on after its end"),
        (b"\x80\x02(}", 4, "cut off"),
        (b"\x80\x02}(.", 4, "takes more than there is"),
        (b"\x80\x02N(0", 4, "takes more than there is"),
        (b"\x80\x02t", 2, "takes more than there is"),
        (b"\x80\x02h\x07", 2, "not kept"),
        (b"\x80\x02q\x00", 2, "takes more than there is"),
        (b"\x80\x02X\xff\xff\xff\xffabc", 2, "cut off"),
        (b"\x80\x02X\x01\x00\x00\x00\xff", 2, "no UTF-8"),
        (
            b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xffabc",
            2,
            "cut off",
        ),
        (b"\x80\x02\x8b\xff\xff\xff\xffabc", 2, "cut off"),
        (
            b"\x80\x04\x95\xff\x00\x00\x00\x00\x00\x00\x00.",
            2,
            "cut off",
        ),
        (b"\x80\x02NNa.", 4, "no list"),
        (b"\x80\x02NNa", 4, "no list"),
        (b"\x80\x02}Na", 4, "no list"),
        (b"\x80\x02]NNs", 5, "no dict"),
        (b"\x80\x02}(Nu", 5, "no value"),
        (b"\x80\x04](N\x90", 5, "no set"),
        (b"\x80\x02N)R", 4, "no class"),
        (b"\x80\x02ctorch\nSize\nNR", 15, "no class"),
        (b"\x80\x02ctorch\nSize\n]R", 15, "no tuple"),
        (b"\x80\x02ctorch\nSize\n)R", 15, "arguments"),
        (b"\x80\x02]Nb", 4, "no dict"),
        (b"\x80\x02NQ", 3, "no storage"),
        (b"\x80\x02)Q", 3, "no storage"),
        (b"\x80\x02ctorch", 2, "cut off"),
        (b"\x80\x02c\xff\nx\n", 2, "no UTF-8"),
        (b"\x80\x04NN\x93", 4, "no text"),
    ] {
        let (found, message) = at(pickle);
        assert!(
            found == place && message.contains(what),
            "{pickle:02x?}: {found} {message}"
        );
    }
}

#[test]
fn files_of_other_formats_are_named() {
    for (name, expected, help) in [
        ("legacy.pt", Trouble::Legacy, "torch.save(torch.load(p), q)"),
        ("old.tar", Trouble::Tar, "torch.save(torch.load(p), q)"),
        ("bare.pkl", Trouble::BarePickle, "torch.save"),
        ("script.pt", Trouble::TorchScript, "torch.jit.load(p)"),
        (
            "linear.safetensors",
            Trouble::Safetensors,
            "safetensors::load",
        ),
        (
            "generate.py",
            Trouble::NoZip(b"\"\"\"W".to_vec()),
            "[22, 22, 22, 57]",
        ),
    ] {
        let (trouble, message) = trouble(&bytes(name));
        assert_eq!(trouble, expected);
        assert!(message.contains(help), "{message}");
    }
    let (empty, _) = trouble(b"");
    assert_eq!(empty, Trouble::NoZip(Vec::new()));
    let (other, message) = trouble(&archive(&[("weight.npy", b"x")]));
    assert_eq!(
        other,
        Trouble::NoPickle(vec!["archive/weight.npy".to_owned()])
    );
    assert!(message.contains("none of PyTorch's"), "{message}");
    for path in [fixture("not/there.pt"), fixture("")] {
        let error = pytorch::load(&path).unwrap_err();
        assert!(matches!(error, Error::Io { .. }), "{error}");
    }
}

#[test]
fn archives_that_are_damaged_or_made_to_deceive() {
    let pickle: &[u8] = b"\x80\x02}.";
    let (order, _) = trouble(&archive(&[("data.pkl", pickle), ("byteorder", b"middle")]));
    assert_eq!(order, Trouble::ByteOrder("middle".to_owned()));

    let (twice, _) = trouble(&archive(&[("data.pkl", pickle), ("data.pkl", pickle)]));
    assert_eq!(twice, Trouble::TwoEntries);

    // Two entries of the directory with the data of one.
    let mut bytes = archive(&[
        ("data.pkl", pickle),
        ("data/0", b"1234"),
        ("data/1", b"1234"),
    ]);
    let directory = bytes.windows(4).rposition(|x| x == b"PK\x01\x02").unwrap();
    let first = bytes.windows(4).position(|x| x == b"1234").unwrap() - 30 - 14;
    bytes[directory + 42..directory + 46].copy_from_slice(&(first as u32).to_le_bytes());
    assert_eq!(trouble(&bytes).0, Trouble::Overlap);

    // Sizes that are not there.
    let mut bytes = archive(&[("data.pkl", pickle)]);
    let directory = bytes.windows(4).rposition(|x| x == b"PK\x01\x02").unwrap();
    for place in [directory + 20, directory + 24] {
        bytes[place..place + 4].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
    }
    let (huge, _) = trouble(&bytes);
    assert!(matches!(huge, Trouble::Zip(_) | Trouble::Overlap), "{huge}");
}

#[test]
fn what_takes_more_memory_than_the_file_is_refused() {
    for (name, expected) in [
        ("bomb.pt", "compressed entry `data/0`"),
        ("repeated.pt", "tensors that repeat or reorder elements"),
        ("laughs.pt", "names"),
    ] {
        let len = bytes(name).len() as u64;
        let (trouble, message) = trouble(&bytes(name));
        let Trouble::Growth { what, limit } = trouble else {
            panic!("{name}: {trouble}")
        };
        assert_eq!((what.as_str(), limit), (expected, GROWTH * len + (1 << 20)));
        assert!(message.contains("16 times the size"), "{message}");
    }
    // One long text, a hundred thousand times.
    let long = Pickle::text(&"x".repeat(100_000));
    let many = [&long.0[..], b"q\x000](", &b"h\x00".repeat(100_000), b"e"].concat();
    let (long, _) = trouble(&file(&Pickle::named("x", Pickle(many)), &[]));
    assert!(matches!(long, Trouble::Growth { .. }), "{long}");
    // A list of itself, twice in each, without names.
    let mut laughs = b"]q\x000".to_vec();
    for _ in 0..64 {
        laughs.extend(b"](h\x00h\x00eq\x000");
    }
    laughs.extend(b"h\x00");
    let (laughs, _) = trouble(&file(&Pickle::named("x", Pickle(laughs)), &[]));
    assert!(matches!(laughs, Trouble::Growth { .. }), "{laughs}");
}

#[test]
fn what_is_nested_without_end_is_refused() {
    assert_eq!(
        trouble(&bytes("itself.pt")).0,
        Trouble::Cycle("itself".to_owned())
    );
    let (deep, message) = trouble(&bytes("deep.pt"));
    assert!(matches!(deep, Trouble::Deep(_)), "{deep}");
    assert!(message.contains("more than 100"), "{message}");
    // A million lists in one another, and as many tuples.
    let lists = [&b"]".repeat(1_000_000)[..], &b"a".repeat(999_999)].concat();
    let tuples = [b")".to_vec(), b"\x85".repeat(1_000_000)].concat();
    for deep in [lists, tuples] {
        let (deep, _) = trouble(&file(&Pickle::named("x", Pickle(deep)), &[]));
        assert_eq!(deep, Trouble::Deep("x".to_owned()));
    }
    // A list, a tuple in a list and a set of a list that hold themselves.
    for itself in [
        &b"]q\x00h\x00a"[..],
        b"]q\x00h\x00\x85a",
        b"]q\x00c__builtin__\nset\nh\x00\x85Ra",
    ] {
        let (itself, _) = trouble(&file(&Pickle::named("x", Pickle::of(itself)), &[]));
        assert_eq!(itself, Trouble::Cycle("x".to_owned()));
    }
}

#[test]
fn names_are_of_one_value() {
    assert_eq!(
        trouble(&bytes("twice.pt")).0,
        Trouble::Duplicate("a.b".to_owned())
    );
    let one = || Pickle::of(b"K\x01");
    let pairs = [(Pickle::text("0"), one()), (Pickle::int(0), one())];
    let (twice, _) = trouble(&file(&Pickle::dict(&pairs), &[]));
    assert_eq!(twice, Trouble::Duplicate("0".to_owned()));
    let tensor = Pickle::tensor(Pickle::storage("ByteStorage", "0", 1), 0, &[1], &[1]);
    let set = [b"\x8f(", &tensor.0[..], b"\x90"].concat();
    let pickle = [b"\x80\x04", &Pickle::named("x", Pickle(set)).0[..], b"."].concat();
    let (set, _) = trouble(&raw_file(&pickle, &[&[0]]));
    assert_eq!(set, Trouble::Unnamed("x".to_owned()));
}

/// The trouble with a tensor `x` of four numbers, and its message.
fn tensor_trouble(tensor: Pickle) -> (TensorTrouble, String) {
    let (trouble, message) = trouble(&file(&Pickle::named("x", tensor), &[&[0; 16]]));
    match trouble {
        Trouble::OfTensor { key, trouble } => {
            assert_eq!(key, "x");
            (*trouble, message)
        }
        other => panic!("{other}"),
    }
}

#[test]
fn tensors_that_are_not_in_the_file() {
    let four = || Pickle::storage("FloatStorage", "0", 4);
    let max = i64::MAX;
    for (offset, dims, strides) in [
        (0, &[5][..], &[1][..]),
        (1, &[4], &[1]),
        (5, &[], &[]),
        (0, &[2, 2], &[3, 1]),
        (max, &[1], &[1]),
        (max, &[2], &[max]),
        (0, &[2, 2], &[max, max]),
        (0, &[1 << 40], &[1]),
    ] {
        let (trouble, message) = tensor_trouble(Pickle::tensor(four(), offset, dims, strides));
        assert!(matches!(trouble, TensorTrouble::Bounds { .. }), "{trouble}");
        assert!(message.contains("beyond its 16 bytes of f32"), "{message}");
    }
    for (offset, dims, strides) in [
        (-1, &[1][..], &[1][..]),
        (0, &[-1], &[1]),
        (0, &[1], &[-1]),
        (0, &[2, 2], &[1]),
        (0, &[], &[1]),
    ] {
        let (trouble, _) = tensor_trouble(Pickle::tensor(four(), offset, dims, strides));
        assert_eq!(trouble, TensorTrouble::Sizes);
    }
    let (huge, _) = tensor_trouble(Pickle::tensor(four(), 0, &[max, max], &[1, 1]));
    assert!(matches!(huge, TensorTrouble::Overflow { .. }), "{huge}");
    let (huge, _) = tensor_trouble(Pickle::tensor(four(), 0, &[max, max, 0], &[1, 1, 1]));
    assert!(matches!(huge, TensorTrouble::Overflow { .. }), "{huge}");
    let (axes, _) = tensor_trouble(Pickle::tensor(four(), 0, &[1; 65], &[1; 65]));
    assert_eq!(axes, TensorTrouble::Rank(65));

    for (elements, declared) in [(3, 12), (5, 20), (-1, u64::MAX), (max, u64::MAX)] {
        let storage = Pickle::storage("FloatStorage", "0", elements);
        let (size, message) = tensor_trouble(Pickle::tensor(storage, 0, &[1], &[1]));
        let (name, found) = ("data/0".to_owned(), 16);
        assert_eq!(
            size,
            TensorTrouble::StorageSize {
                name,
                declared,
                found
            }
        );
        assert!(
            message.starts_with("tensor `x`: the entry `data/0`"),
            "{message}"
        );
    }
    for key in ["7", "", "../../etc/passwd", "0/"] {
        let storage = Pickle::storage("FloatStorage", key, 4);
        let (none, _) = tensor_trouble(Pickle::tensor(storage, 0, &[1], &[1]));
        assert_eq!(none, TensorTrouble::NoStorage(format!("data/{key}")));
    }
}

#[test]
fn elements_that_volta_has_not() {
    for (name, message) in [
        (
            "complex128.pt",
            "tensor `x`: volta has no element type for `torch.ComplexDoubleStorage`",
        ),
        (
            "conjugated.pt",
            "tensor `x`: it is a view that PyTorch conjugates",
        ),
        (
            "negated.pt",
            "tensor `x`: it is a view that PyTorch negates",
        ),
    ] {
        let (_, found) = trouble(&bytes(name));
        assert!(found.starts_with(message), "{found}");
    }
}
