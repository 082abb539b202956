//! Archives of NumPy: those that NumPy wrote (`tests/data/generate.py`), ours, and damaged ones.

#![cfg(feature = "npz")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use volta::Error;
use volta::data::{NpzTrouble, npz};
use volta::dtype::DtypeKind;
use volta::io::{HostTensor, StateDict};
use volta::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn read(bytes: &[u8]) -> Result<StateDict, Error> {
    npz::from_reader(Cursor::new(bytes), Path::new("file.npz"))
}

fn trouble(bytes: &[u8]) -> NpzTrouble {
    let error = read(bytes).unwrap_err();
    assert!(error.to_string().starts_with("file.npz: "), "{error}");
    match error {
        Error::Npz { trouble, .. } => trouble,
        other => panic!("{other}"),
    }
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn what_numpy_writes_is_read() {
    for name in ["stored.npz", "deflated.npz"] {
        let arrays = npz::load(fixture(name)).unwrap();
        let names: Vec<_> = arrays.keys().collect();
        assert_eq!(names, ["weight", "layers.0.bias", "step"]);
        let weight: Tensor<s![2, 3]> = arrays.get("weight").unwrap().tensor().unwrap();
        assert_eq!(weight.to_vec(), [-20.0, -10.0, 0.0, 10.0, 20.0, 30.0]);
        let bias: Tensor<s![Dyn], i64> = arrays.get("layers.0.bias").unwrap().tensor().unwrap();
        assert_eq!(bias.to_vec(), [0, 1, 2]);
        let step: Tensor<s![], i64> = arrays.get("step").unwrap().tensor().unwrap();
        assert_eq!(step.item(), 7);
    }
}

#[test]
fn what_is_written_is_read() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("written.npz");
    let mut tensors = StateDict::new();
    for (name, dtype) in [
        ("a", DtypeKind::Bool),
        ("b/c", DtypeKind::Bf16),
        ("d.e", DtypeKind::F64),
        ("", DtypeKind::U8),
    ] {
        let bytes = vec![1; 6 * dtype.size()];
        tensors.insert(name, HostTensor::new(dtype, vec![3, 2], bytes).unwrap());
    }
    npz::save(&path, &tensors).unwrap();
    assert_eq!(npz::load(&path).unwrap(), tensors);
    npz::save_compressed(&path, &tensors).unwrap();
    assert_eq!(npz::load(&path).unwrap(), tensors);
    npz::save(&path, &StateDict::new()).unwrap();
    assert!(npz::load(&path).unwrap().is_empty());
    fs::remove_file(&path).unwrap();
    let error = npz::save("no/such/folder/file.npz", &tensors).unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
}

#[test]
fn entries_that_are_no_arrays_are_named() {
    let scalar = fs::read(fixture("scalar.npy")).unwrap();
    assert_eq!(
        trouble(&archive(&[("a.txt", b"x")])),
        NpzTrouble::NoArray("a.txt".into())
    );
    let cut = trouble(&archive(&[("a.npy", &scalar), ("b.npy", &scalar[..100])]));
    assert_eq!(
        cut.to_string(),
        "array `b`: it ends inside its header, after 100 bytes"
    );
    assert!(matches!(trouble(b"no archive"), NpzTrouble::Zip(_)));
    let error = npz::load("no/such/file.npz").unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
}

/// The same bytes with the last `from` replaced.
fn replaced(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let place = bytes.windows(from.len()).rposition(|x| x == from).unwrap();
    bytes[place..place + to.len()].copy_from_slice(to);
    bytes
}

#[test]
fn entries_are_of_their_own() {
    let scalar = fs::read(fixture("scalar.npy")).unwrap();
    let two = archive(&[("a.npy", &scalar), ("b.npy", &scalar)]);
    assert_eq!(read(&two).unwrap().len(), 2);
    let twice = replaced(two.clone(), b"b.npy", b"a.npy");
    assert_eq!(trouble(&twice), NpzTrouble::Duplicate);
    // Where the second starts, in front of its name in the directory.
    let directory = two.windows(4).rposition(|x| x == b"PK\x01\x02").unwrap();
    let mut same = two;
    same[directory + 42..directory + 46].fill(0);
    assert_eq!(trouble(&same), NpzTrouble::Overlap);
}

#[test]
fn every_truncation_is_an_error() {
    for name in ["stored.npz", "deflated.npz"] {
        let whole = fs::read(fixture(name)).unwrap();
        for len in 0..whole.len() {
            trouble(&whole[..len]);
        }
    }
}

/// What is in an array is covered by its sum, so that whatever is read is what was written.
#[test]
fn mutated_files_never_panic_and_never_give_other_elements() {
    let mut rng = Rng::seed(1);
    let (mut read_well, mut refused) = (0, 0);
    for name in ["stored.npz", "deflated.npz"] {
        let whole = fs::read(fixture(name)).unwrap();
        let expected = read(&whole).unwrap();
        for _ in 0..10_000 {
            let mut bytes = whole.clone();
            for _ in 0..=rng.below(2) {
                let place = rng.below(bytes.len() as u64) as usize;
                bytes[place] = match rng.below(2) {
                    0 => bytes[place] ^ (1 << rng.below(8)),
                    _ => rng.below(256) as u8,
                };
            }
            match read(&bytes) {
                Ok(arrays) => {
                    for (name, array) in arrays.iter() {
                        assert!(
                            expected.get(name).is_none_or(|other| other == array),
                            "{name}"
                        );
                    }
                    read_well += 1;
                }
                Err(error) => {
                    assert!(error.to_string().starts_with("file.npz: "));
                    refused += 1;
                }
            }
        }
    }
    assert!(read_well > 500 && refused > 500, "{read_well} {refused}");
}
