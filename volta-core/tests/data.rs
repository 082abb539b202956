//! The readers of data sets: what they read, and that nothing a file says makes them panic.

#![cfg(feature = "data")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use volta_core::Error;
use volta_core::data::{Idx, IdxElement, IdxTrouble, IdxType, Mnist};

fn idx(code: u8, dims: &[u32], data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, code, dims.len() as u8];
    for size in dims {
        bytes.extend(size.to_be_bytes());
    }
    bytes.extend(data);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read<T: IdxElement>(bytes: &[u8]) -> Result<Idx<T>, Error> {
    Idx::from_reader(bytes, Path::new("file.idx"))
}

/// The trouble with `bytes`, after a look at whether the message names the file.
fn trouble(bytes: &[u8]) -> IdxTrouble {
    let error = read::<u8>(bytes).unwrap_err();
    assert!(error.to_string().starts_with("file.idx: "), "{error}");
    match error {
        Error::Idx { trouble, .. } => trouble,
        other => panic!("{other}"),
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn every_type_is_decoded_from_big_endian() {
    fn holds<T: IdxElement + PartialEq + std::fmt::Debug>(code: u8, bytes: &[u8], expected: &[T]) {
        let file = read::<T>(&idx(code, &[expected.len() as u32], bytes)).unwrap();
        assert_eq!(file.data(), expected);
    }
    holds(0x08, &[1, 255], &[1u8, 255]);
    holds(0x09, &[1, 255], &[1i8, -1]);
    holds(0x0b, &[1, 2, 255, 255], &[258i16, -1]);
    holds(0x0c, &[0, 1, 0, 0], &[65_536i32]);
    holds(0x0d, &1.5f32.to_be_bytes(), &[1.5f32]);
    holds(0x0e, &(-2.25f64).to_be_bytes(), &[-2.25f64]);
}

#[test]
fn every_rank_is_read() {
    let scalar = read::<u8>(&idx(0x08, &[], &[7])).unwrap();
    assert_eq!((scalar.dims(), scalar.data()), (&[][..], &[7][..]));
    let empty = read::<u8>(&idx(0x08, &[3, 0, 2], &[])).unwrap();
    assert_eq!((empty.dims(), empty.data()), (&[3, 0, 2][..], &[][..]));
    let six = read::<u8>(&idx(0x08, &[1, 2, 1, 2, 1, 1], &[1, 2, 3, 4])).unwrap();
    assert_eq!(six.dims(), [1, 2, 1, 2, 1, 1]);
    assert_eq!(six.into_data(), [1, 2, 3, 4]);
}

#[test]
fn gzip_is_told_by_its_bytes_and_may_have_several_members() {
    let bytes = idx(0x08, &[4], &[1, 2, 3, 4]);
    let (head, tail) = bytes.split_at(9);
    let members = [gzip(head), gzip(tail)].concat();
    for packed in [gzip(&bytes), members] {
        assert_eq!(read::<u8>(&packed).unwrap().data(), [1, 2, 3, 4]);
    }
}

#[test]
fn what_is_no_idx_file_says_so() {
    assert_eq!(trouble(b"GIF89a"), IdxTrouble::Magic(*b"GIF8"));
    assert_eq!(trouble(b""), IdxTrouble::TruncatedHeader(0));
    assert_eq!(trouble(&[0, 0, 8]), IdxTrouble::TruncatedHeader(3));
    assert_eq!(trouble(&[0, 0, 8, 1, 0, 0]), IdxTrouble::TruncatedHeader(6));
    assert_eq!(trouble(&idx(0x0a, &[], &[])), IdxTrouble::UnknownType(0x0a));
    assert_eq!(trouble(&idx(0x08, &[1; 9], &[0])), IdxTrouble::Rank(9));
}

#[test]
fn another_type_than_asked_for_is_an_error() {
    let (found, asked) = (IdxType::F32, IdxType::U8);
    assert_eq!(
        trouble(&idx(0x0d, &[1], &[0; 4])),
        IdxTrouble::OtherType { found, asked }
    );
}

#[test]
fn sizes_are_not_trusted() {
    // Each would abort the test if memory were taken for what it declares.
    let most = u32::MAX;
    assert_eq!(
        trouble(&idx(0x08, &[most, most], &[])),
        IdxTrouble::Overflow(vec![most as usize; 2])
    );
    assert_eq!(
        trouble(&idx(0x08, &[most, most / 4], &[1, 2, 3])),
        IdxTrouble::Truncated {
            declared: most as usize * (most / 4) as usize,
            found: 3
        }
    );
    let declared = 5;
    assert_eq!(
        trouble(&idx(0x08, &[5], &[0; 6])),
        IdxTrouble::Trailing { declared }
    );
    assert_eq!(
        trouble(&idx(0x08, &[5], &[0; 4])),
        IdxTrouble::Truncated { declared, found: 4 }
    );
}

#[test]
fn damaged_gzip_is_an_error() {
    let packed = gzip(&idx(0x08, &[300], &[7; 300]));
    for cut in 2..packed.len() {
        let error = read::<u8>(&packed[..cut]).unwrap_err();
        assert!(error.to_string().contains("gzip"), "{cut}: {error}");
    }
    let mut wrong_sum = packed.clone();
    let sum = packed.len() - 8;
    wrong_sum[sum] ^= 1;
    assert!(matches!(trouble(&wrong_sum), IdxTrouble::Gzip(_)));
    let garbage_behind = [&packed[..], b"garbage behind"].concat();
    assert!(matches!(trouble(&garbage_behind), IdxTrouble::Gzip(_)));
}

#[test]
fn a_missing_file_is_named() {
    let error = Idx::<u8>::read("no/such/file").unwrap_err();
    assert!(error.to_string().starts_with("no/such/file: "), "{error}");
    assert!(matches!(error, Error::Io { .. }));
}

/// Whatever happens to the bytes of a file, reading ends in a value of the declared size or in an
/// error.
#[test]
fn mutated_files_never_panic() {
    let plain = idx(0x08, &[4, 5, 6], &[9; 120]);
    let mut random = Random(42);
    let (mut read_well, mut refused) = (0, 0);
    for round in 0..20_000 {
        let mut bytes = if round % 2 == 0 {
            plain.clone()
        } else {
            gzip(&plain)
        };
        for _ in 0..=random.below(3) {
            match random.below(4) {
                0 => bytes.truncate(random.below(bytes.len() + 1)),
                1 => bytes.push(random.next() as u8),
                2 if !bytes.is_empty() => {
                    let place = random.below(bytes.len().min(24));
                    bytes[place] = random.next() as u8;
                }
                _ if !bytes.is_empty() => {
                    let place = random.below(bytes.len());
                    bytes[place] ^= 1 << random.below(8);
                }
                _ => {}
            }
        }
        match read::<u8>(&bytes) {
            Ok(file) => {
                assert_eq!(file.data().len(), file.dims().iter().product::<usize>());
                read_well += 1;
            }
            Err(error) => {
                assert!(error.to_string().starts_with("file.idx: "));
                refused += 1;
            }
        }
    }
    assert!(read_well > 500 && refused > 500, "{read_well} {refused}");
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

/// A folder of three digits to train on and two to test with, after `change`.
fn mnist(name: &str, change: impl FnOnce(&Path)) -> Result<Mnist, Error> {
    let folder = folder(name);
    let write = |name: &str, bytes: Vec<u8>| fs::write(folder.join(name), bytes).unwrap();
    let pixels: Vec<u8> = (0..3 * Mnist::PIXELS).map(|i| i as u8).collect();
    write("train-images-idx3-ubyte", idx(8, &[3, 28, 28], &pixels));
    write(
        "train-labels-idx1-ubyte.gz",
        gzip(&idx(8, &[3], &[0, 9, 5])),
    );
    write(
        "t10k-images.idx3-ubyte",
        idx(8, &[2, 28, 28], &pixels[..2 * Mnist::PIXELS]),
    );
    write("t10k-labels.idx1-ubyte.gz", gzip(&idx(8, &[2], &[1, 2])));
    change(&folder);
    Mnist::open(&folder)
}

#[test]
fn digits_are_found_under_all_their_names() {
    let digits = mnist("names", |_| {}).unwrap();
    assert_eq!((digits.train.len(), digits.test.len()), (3, 2));
    assert_eq!(digits.train.labels(), [0, 9, 5]);
    assert_eq!(digits.test.labels(), [1, 2]);
    assert_eq!(digits.train.images().len(), 3 * Mnist::PIXELS);
    assert_eq!(digits.train.image(1)[0], Mnist::PIXELS as u8);
    assert!(!digits.test.is_empty());
}

#[test]
fn the_digits_that_come_with_the_examples_are_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data/mnist");
    let digits = Mnist::open(folder).unwrap();
    assert_eq!((digits.train.len(), digits.test.len()), (8_000, 2_000));
    for label in 0..10 {
        assert!(digits.test.labels().contains(&label));
    }
}

#[test]
fn mismatched_counts_name_both_files() {
    let error = mnist("counts", |folder| {
        let labels = folder.join("train-labels-idx1-ubyte.gz");
        fs::write(labels, idx(8, &[2], &[0, 9])).unwrap();
    })
    .unwrap_err();
    let message = error.to_string();
    for part in [
        "train-images-idx3-ubyte holds 3 images",
        "train-labels-idx1-ubyte.gz holds 2 labels",
    ] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn labels_are_classes() {
    let error = mnist("classes", |folder| {
        let labels = folder.join("t10k-labels.idx1-ubyte.gz");
        fs::write(labels, idx(8, &[2], &[1, 10])).unwrap();
    })
    .unwrap_err();
    let message = error.to_string();
    let expected = "t10k-labels.idx1-ubyte.gz: label 1 is 10, but there are 10 classes";
    assert!(message.ends_with(expected), "{message}");
}

#[test]
fn digits_are_28_by_28() {
    let error = mnist("sizes", |folder| {
        let images = folder.join("train-images-idx3-ubyte");
        fs::write(images, idx(8, &[3, 2, 2], &[0; 12])).unwrap();
    })
    .unwrap_err();
    let message = error.to_string();
    let expected = "train-images-idx3-ubyte: expected sizes [n, 28, 28], found [3, 2, 2]";
    assert!(message.ends_with(expected), "{message}");
}

#[test]
fn a_file_that_is_missing_is_named_with_its_other_names() {
    let error = mnist("missing", |folder| {
        fs::remove_file(folder.join("t10k-labels.idx1-ubyte.gz")).unwrap();
    })
    .unwrap_err();
    let message = error.to_string();
    assert!(message.contains("test-labels-idx1-ubyte.gz"), "{message}");
    assert!(message.contains("t10k-labels.idx1-ubyte"), "{message}");
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let error = Mnist::open("no/such/folder").unwrap_err();
    assert!(error.to_string().starts_with("no/such/folder: "), "{error}");
}
