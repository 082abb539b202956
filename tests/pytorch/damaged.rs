//! Damaged files: an error that names the file, or the tensors that were written, and never a panic.

use volta::StateDict;
use volta::prelude::*;

use super::assemble::{archive, entries};
use super::read::READ;
use super::{bytes, parse, trouble};

/// Whatever is read is what was written: the sums of the archive cover it.
fn same(found: &StateDict, whole: &StateDict) {
    for (key, tensor) in found.iter() {
        assert_eq!(whole.get(key), Some(tensor), "{key}");
    }
    for (key, note) in found.metadata() {
        assert_eq!(whole.metadata().get(key), Some(note), "{key}");
    }
}

#[test]
fn every_truncation_is_an_error() {
    for name in READ {
        let whole = bytes(&format!("{name}.pt"));
        for len in 0..whole.len() {
            trouble(&whole[..len]);
        }
    }
}

#[test]
fn every_bit_flipped_is_an_error_or_harmless() {
    let (mut read_well, mut refused) = (0, 0);
    for name in ["deflated", "linear", "protocol4"] {
        let whole = bytes(&format!("{name}.pt"));
        let expected = parse(&whole).unwrap();
        for bit in 0..8 * whole.len() {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            match parse(&bytes) {
                Ok(found) => {
                    same(&found, &expected);
                    read_well += 1;
                }
                Err(error) => {
                    assert!(error.to_string().starts_with("file.pt: "), "{error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(read_well > 500 && refused > 500, "{read_well} {refused}");
}

/// Bytes of the pickle changed, with the right sum of the archive around them.
#[test]
fn changed_pickles_never_panic() {
    let mut rng = Rng::seed(1);
    let (mut read_well, mut refused) = (0, 0);
    for name in ["checkpoint", "views", "protocol5", "attributes"] {
        let entries = entries(&bytes(&format!("{name}.pt")));
        let pickle = entries
            .iter()
            .position(|(name, _)| name == "data.pkl")
            .unwrap();
        let mut check = |change: &mut dyn FnMut(&mut Vec<u8>)| {
            let mut changed = entries.clone();
            change(&mut changed[pickle].1);
            let parts: Vec<_> = changed
                .iter()
                .map(|(n, data)| (n.as_str(), &data[..]))
                .collect();
            match parse(&archive(&parts)) {
                Ok(state) => {
                    for (_, tensor) in state.iter() {
                        let n: usize = tensor.dims().iter().product();
                        assert_eq!(tensor.bytes().len() * 8, n * tensor.dtype().bits());
                    }
                    read_well += 1;
                }
                Err(error) => {
                    assert!(error.to_string().starts_with("file.pt: "), "{error}");
                    refused += 1;
                }
            }
        };
        let len = entries[pickle].1.len();
        (0..len).for_each(|len| check(&mut |pickle| pickle.truncate(len)));
        for bit in 0..8 * len {
            check(&mut |pickle| pickle[bit / 8] ^= 1 << (bit % 8));
        }
        for _ in 0..2_000 {
            let mut below = |n: usize| rng.below(n as u64) as usize;
            let (place, other, byte) = (below(len), below(len), below(256) as u8);
            let kind = below(4);
            check(&mut |pickle| match kind {
                0 => pickle[place] = byte,
                1 => pickle.insert(place, byte),
                2 => drop(pickle.remove(place)),
                // A part of it twice.
                _ => {
                    let part = pickle[place.min(other)..place.max(other)].to_vec();
                    pickle.splice(place..place, part);
                }
            });
        }
    }
    assert!(read_well > 500 && refused > 500, "{read_well} {refused}");
}
