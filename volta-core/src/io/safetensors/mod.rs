//! [safetensors](https://github.com/huggingface/safetensors): a header in JSON, then the tensors.
//!
//! Eight bytes say how long the header is, `{"weight": {"dtype": "F32", "shape": [2, 3],
//! "data_offsets": [0, 24]}, ..}`; the tensors follow without gaps, little-endian.
//!
//! Reading trusts nothing that a file says: memory is taken for what the file holds, and whatever
//! does not fit is an [`Error`] that names the file and the trouble. Writing is all or nothing.
//!
//! The header is read here, not by the crate `safetensors`: that one's errors name no sizes (often
//! no tensor either), its sum of offsets can overflow, and it brings three times the dependencies.
//! The tests hold both against each other.

mod header;
mod trouble;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

pub use trouble::SafetensorsTrouble;

use super::{HostTensor, StateDict, replace::replace};
use crate::error::Error;
use header::Header;

/// The longest header that is read or written, as in the reference implementation.
pub const MAX_HEADER: u64 = 100_000_000;

/// Writes a state into a file, whose folder has to exist.
///
/// A temporary file beside it takes its name when it is complete: whoever reads the path finds the
/// old file or the new one, never a part, and an error leaves the old one.
///
/// # Errors
/// If the file cannot be written, or a tensor is called `__metadata__`.
pub fn save(path: impl AsRef<Path>, state: &StateDict) -> Result<(), Error> {
    let path = path.as_ref();
    let (header, order) = header::write(state).map_err(|trouble| Stop::from(trouble).at(path))?;
    replace(path, |file| {
        file.write_all(&(header.len() as u64).to_le_bytes())?;
        file.write_all(header.as_bytes())?;
        order
            .iter()
            .try_for_each(|tensor| file.write_all(tensor.bytes()))
    })
    .map_err(|source| Error::io(path, source))
}

/// Reads a file. The tensors are in the order of its header.
///
/// ```
/// use volta::io::safetensors;
/// use volta::prelude::*;
///
/// # let path = std::env::temp_dir().join(format!("state-{}.safetensors", std::process::id()));
/// let layer: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
/// let mut state = layer.state_dict();
/// state.metadata_mut().insert("epoch".into(), "7".into());
/// safetensors::save(&path, &state)?;
///
/// let read = safetensors::load(&path)?;
/// assert_eq!(read, state);
/// assert_eq!(read.metadata()["epoch"], "7");
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), volta::Error>(())
/// ```
///
/// # Errors
/// If the file cannot be read, is damaged, or holds elements of a type that volta has not.
pub fn load(path: impl AsRef<Path>) -> Result<StateDict, Error> {
    let path = path.as_ref();
    let read = || {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        read(BufReader::new(file), len)
    };
    read().map_err(|stop| stop.at(path))
}

/// Reads the notes of a file, and none of its tensors.
///
/// # Errors
/// Those of [`load`].
pub fn load_metadata(path: impl AsRef<Path>) -> Result<BTreeMap<String, String>, Error> {
    let path = path.as_ref();
    let read = || {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(read_header(&mut BufReader::new(file), len)?.0.metadata)
    };
    read().map_err(|stop: Stop| stop.at(path))
}

/// Why reading or writing ends early.
enum Stop {
    Io(io::Error),
    Trouble(SafetensorsTrouble),
}

impl Stop {
    fn at(self, path: &Path) -> Error {
        match self {
            Stop::Io(source) => Error::io(path, source),
            Stop::Trouble(trouble) => Error::Safetensors {
                path: path.to_owned(),
                trouble,
            },
        }
    }
}

impl From<io::Error> for Stop {
    fn from(source: io::Error) -> Self {
        Stop::Io(source)
    }
}

impl From<SafetensorsTrouble> for Stop {
    fn from(trouble: SafetensorsTrouble) -> Self {
        Stop::Trouble(trouble)
    }
}

/// The header, and its tensors in the order of the file, which has the bytes of all.
fn read_header(file: &mut impl Read, len: u64) -> Result<(Header, Vec<usize>), Stop> {
    if len < 8 {
        return Err(SafetensorsTrouble::NoHeader { len }.into());
    }
    let mut length = [0; 8];
    file.read_exact(&mut length)?;
    let (declared, found) = (u64::from_le_bytes(length), len - 8);
    if declared > found {
        return Err(SafetensorsTrouble::HeaderLength { declared, found }.into());
    }
    if declared > MAX_HEADER {
        return Err(SafetensorsTrouble::HeaderTooLong(declared).into());
    }
    let header = Header::parse(&take(file, declared as usize)?)?;
    let order = header.in_file()?;

    let found = found - declared;
    let declared = order.last().map_or(0, |&last| header.tensors[last].end) as u64;
    if declared > found {
        return Err(SafetensorsTrouble::Truncated { declared, found }.into());
    }
    if declared < found {
        return Err(SafetensorsTrouble::Trailing { declared, found }.into());
    }
    Ok((header, order))
}

fn read(mut file: impl Read, len: u64) -> Result<StateDict, Stop> {
    let (header, order) = read_header(&mut file, len)?;
    let mut data: Vec<Vec<u8>> = vec![Vec::new(); order.len()];
    for place in order {
        let entry = &header.tensors[place];
        data[place] = take(&mut file, entry.end - entry.start)?;
    }
    let mut state = StateDict::new();
    for (entry, bytes) in header.tensors.into_iter().zip(data) {
        let tensor = HostTensor::new(entry.dtype, entry.dims, bytes).expect("checked before");
        state.insert(entry.key, tensor);
    }
    *state.metadata_mut() = header.metadata;
    Ok(state)
}

/// The next bytes, which the file is known to have.
fn take(file: &mut impl Read, n: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; n];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
