//! Files of NumPy: those that NumPy wrote (`tests/data/generate.py`), ours, and damaged ones.

#![cfg(feature = "data")]

use std::fs;
use std::path::{Path, PathBuf};

use volta::Error;
use volta::data::{NpyTrouble, npy};
use volta::dtype::DtypeKind;
use volta::io::HostTensor;
use volta::prelude::*;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn read(bytes: &[u8]) -> Result<HostTensor, Error> {
    npy::from_reader(bytes, Path::new("file.npy"))
}

/// The trouble with `bytes`, after a look at whether the message names the file.
fn trouble(bytes: &[u8]) -> NpyTrouble {
    let error = read(bytes).unwrap_err();
    assert!(error.to_string().starts_with("file.npy: "), "{error}");
    match error {
        Error::Npy { trouble, .. } => trouble,
        other => panic!("{other}"),
    }
}

/// A file of version 1 with this dictionary.
fn file(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((dictionary.len() as u16).to_le_bytes());
    bytes.extend(dictionary.bytes());
    bytes.extend(data);
    bytes
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn what_numpy_writes_is_read() {
    fn holds<E: Dtype>(name: &str, expected: [E; 6]) {
        let x: Tensor<s![2, 3], E> = npy::load(fixture(name)).unwrap();
        assert_eq!(x.to_vec(), expected, "{name}");
    }
    let signed = [-20, -10, 0, 10, 20, 30];
    holds("bool.npy", [false, true, false, true, false, true]);
    holds("u1.npy", [0_u8, 10, 20, 30, 40, 50]);
    holds("i4.npy", signed);
    holds("i8.npy", signed.map(i64::from));
    holds("f2.npy", signed.map(|x| f16::from_f32(x as f32)));
    holds("f4.npy", signed.map(|x| x as f32));
    holds("f8.npy", signed.map(f64::from));
    holds("big_endian.npy", signed.map(|x| x as f32));
    holds("big_endian_i8.npy", signed.map(i64::from));
    holds("version_2.npy", signed.map(|x| x as f32));
    holds("version_3.npy", signed.map(|x| x as f32));
}

#[test]
fn every_order_and_rank_is_read() {
    let cube: Tensor<s![2, 3, Dyn], i32> = npy::load(fixture("fortran.npy")).unwrap();
    assert_eq!(cube.dims(), [2, 3, 4]);
    assert_eq!(cube.to_vec(), (0..24).collect::<Vec<_>>());
    let scalar: Tensor<s![], f64> = npy::load(fixture("scalar.npy")).unwrap();
    assert_eq!(scalar.item(), 2.5);
    let empty: Tensor<s![3, Dyn, 2]> = npy::load(fixture("empty.npy")).unwrap();
    assert_eq!(empty.dims(), [3, 0, 2]);
    let seven = file(
        "{'shape': (1, 2, 1, 1, 1, 1, 2), \"descr\": '|u1', 'fortran_order': True}",
        &[1, 2, 3, 4],
    );
    let seven = read(&seven).unwrap();
    assert_eq!((seven.dims().len(), seven.bytes()), (7, &[1, 3, 2, 4][..]));
}

#[test]
fn files_are_written_as_numpy_writes_them() {
    fn same<S: Shape, E: Dtype>(name: &str) {
        let path = temporary(name);
        npy::save(&path, &npy::load::<S, E>(fixture(name)).unwrap()).unwrap();
        assert_eq!(
            fs::read(&path).unwrap(),
            fs::read(fixture(name)).unwrap(),
            "{name}"
        );
        fs::remove_file(path).unwrap();
    }
    same::<s![2, 3], bool>("bool.npy");
    same::<s![2, 3], u8>("u1.npy");
    same::<s![2, 3], i32>("i4.npy");
    same::<s![2, 3], i64>("i8.npy");
    same::<s![2, 3], f16>("f2.npy");
    same::<s![2, 3], f32>("f4.npy");
    same::<s![2, 3], f64>("f8.npy");
    same::<s![], f64>("scalar.npy");
    same::<s![3, 0, 2], f32>("empty.npy");
}

#[test]
fn what_is_written_is_read() {
    let path = temporary("written.npy");
    let x: Tensor<s![3, 4], bf16> = Tensor::<_>::randn(&mut Rng::seed(0)).cast();
    // A view that is not contiguous, and a name that is taken.
    npy::save(&path, &x).unwrap();
    npy::save(&path, &x.t()).unwrap();
    let read: Tensor<s![4, 3], bf16> = npy::load(&path).unwrap();
    assert_eq!(read.to_vec(), x.t().to_vec());
    assert_eq!(fs::read(&path).unwrap().len(), 128 + 24);
    fs::remove_file(&path).unwrap();

    let many = HostTensor::new(DtypeKind::U8, vec![1; 30_000], vec![9]).unwrap();
    npy::save_any(&path, &many).unwrap();
    assert_eq!(npy::load_any(&path).unwrap(), many);
    fs::remove_file(&path).unwrap();

    let error = npy::save(temporary("no/such/folder.npy"), &x).unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
}

#[test]
fn other_elements_and_sizes_than_asked_for_are_errors() {
    let message = |error: Error| {
        let text = error.to_string();
        text[text.find(".npy: ").unwrap() + 6..].to_owned()
    };
    let error = npy::load::<s![2, 3], f64>(fixture("f4.npy")).unwrap_err();
    assert_eq!(message(error), "it holds f32, but f64 was asked for");
    let error = npy::load::<s![Dyn, 2], f32>(fixture("f4.npy")).unwrap_err();
    assert_eq!(
        message(error),
        "it has the shape [2, 3], which is no [_, 2]"
    );
    let error = npy::load::<s![Dyn], i32>(fixture("u2.npy")).unwrap_err();
    assert_eq!(message(error), "it holds u16, but i32 was asked for");
    let error = npy::load_any(fixture("structured.npy")).unwrap_err();
    assert_eq!(
        message(error),
        "volta has no element type for `[('a', '<f4'), ('b', '<i`"
    );
    assert!(matches!(
        npy::load_any("no/such/file.npy").unwrap_err(),
        Error::Io { .. }
    ));
}

#[test]
fn damaged_headers_say_what_is_wrong() {
    assert_eq!(
        trouble(b"PK\x03\x04 and so on"),
        NpyTrouble::Magic(b"PK\x03\x04 a".to_vec())
    );
    assert_eq!(trouble(b""), NpyTrouble::TruncatedHeader(0));
    assert_eq!(trouble(b"\x93NUMPY\x04\x00"), NpyTrouble::Version(4, 0));
    assert_eq!(
        trouble(b"\x93NUMPY\x01\x00\x80"),
        NpyTrouble::TruncatedHeader(9)
    );
    // Four gigabytes of header, and two of bytes of data, that are not there.
    let long = b"\x93NUMPY\x02\x00\xff\xff\xff\xff{";
    assert_eq!(trouble(long), NpyTrouble::TruncatedHeader(13));
    let shaped = |shape: &str, data: &[u8]| {
        let header = format!("{{'descr': '<f4', 'fortran_order': True, 'shape': {shape}}}");
        trouble(&file(&header, data))
    };
    assert_eq!(
        shaped("(500000000,)", &[0; 8]),
        NpyTrouble::Truncated {
            declared: 2_000_000_000,
            found: 8
        }
    );
    assert_eq!(
        shaped("(2,)", &[0; 9]),
        NpyTrouble::Trailing { declared: 8 }
    );
    let dtype = DtypeKind::F32;
    for sizes in [vec![1 << 40, 1 << 40], vec![1 << 62, 0], vec![0, 1 << 61]] {
        let dims = sizes.clone();
        let shape = format!("({}, {})", sizes[0], sizes[1]);
        assert_eq!(
            shaped(&shape, &[]),
            NpyTrouble::Overflow {
                dims,
                dtype: dtype.into()
            }
        );
    }
    for shape in [
        "(3)",
        "(-1,)",
        "(1.0,)",
        "[3]",
        "3",
        "(,)",
        "(1 2)",
        "(1,",
        "(99999999999999999999,)",
    ] {
        assert!(
            matches!(shaped(shape, &[]), NpyTrouble::Header { .. }),
            "{shape}"
        );
    }
    for header in [
        "",
        "{}",
        "{'descr': '<f4', 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f4' 'fortran_order': False, 'shape': ()}",
        "{'descr: <f4, fortran_order: False, shape: ()}",
    ] {
        let trouble = trouble(&file(header, &[0; 4]));
        assert!(
            matches!(trouble, NpyTrouble::Header { .. }),
            "{header}: {trouble}"
        );
    }
    for descr in ["", "f4", "|f4", "<f", "<c16", "O", "<M8[s]", "ä4"] {
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ()}}");
        assert_eq!(
            trouble(&file(&header, &[0; 4])),
            NpyTrouble::Dtype(descr.to_owned())
        );
    }
    let bools = "{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}";
    assert_eq!(
        trouble(&file(bools, &[0, 1, 2])),
        NpyTrouble::NotBool { place: 2, byte: 2 }
    );
}

#[test]
fn every_truncation_is_an_error() {
    for name in [
        "f4.npy",
        "bool.npy",
        "fortran.npy",
        "version_3.npy",
        "scalar.npy",
    ] {
        let whole = fs::read(fixture(name)).unwrap();
        for len in 0..whole.len() {
            let cut = trouble(&whole[..len]);
            assert!(
                matches!(
                    cut,
                    NpyTrouble::TruncatedHeader(_) | NpyTrouble::Truncated { .. }
                ),
                "{name} {len}: {cut}"
            );
        }
    }
}

/// Whatever happens to the bytes of a file, reading ends in as many bytes as its sizes say, or in
/// an error.
#[test]
fn mutated_files_never_panic() {
    let mut rng = Rng::seed(1);
    let (mut read_well, mut refused) = (0, 0);
    for name in [
        "f4.npy",
        "fortran.npy",
        "version_2.npy",
        "bool.npy",
        "empty.npy",
    ] {
        let whole = fs::read(fixture(name)).unwrap();
        for _ in 0..10_000 {
            let mut bytes = whole.clone();
            for _ in 0..=rng.below(2) {
                let place = rng.below(bytes.len() as u64) as usize;
                bytes[place] = match rng.below(3) {
                    0 => b"0123456789,(){}' "[rng.below(17) as usize],
                    1 => bytes[place] ^ (1 << rng.below(8)),
                    _ => rng.below(256) as u8,
                };
            }
            match read(&bytes) {
                Ok(x) => {
                    let n: usize = x.dims().iter().product();
                    assert_eq!(x.bytes().len(), n * x.dtype().bits() / 8);
                    read_well += 1;
                }
                Err(error) => {
                    assert!(error.to_string().starts_with("file.npy: "));
                    refused += 1;
                }
            }
        }
    }
    assert!(read_well > 500 && refused > 500, "{read_well} {refused}");
}
