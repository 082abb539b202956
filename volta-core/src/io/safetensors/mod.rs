//! [safetensors](https://github.com/huggingface/safetensors): a header in JSON, then the tensors.
//!
//! Eight bytes say how long the header is, `{"weight": {"dtype": "F32", "shape": [2, 3],
//! "data_offsets": [0, 24]}, ..}`; the tensors follow without gaps, little-endian.
//!
//! A large model is in several files, and an index, `model.safetensors.index.json`, says what is
//! where: [`load_sharded`], [`save_sharded`].
//!
//! Reading trusts nothing that a file says: memory is taken for what the file holds, and whatever
//! does not fit is an [`Error`] that names the file and the trouble. Writing is all or nothing.
//!
//! The header is read here, not by the crate `safetensors`: that one's errors name no sizes (often
//! no tensor either), its sum of offsets can overflow, and it brings three times the dependencies.
//! The tests hold both against each other.

mod header;
mod json;
mod sharded;
mod trouble;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

pub use sharded::{load_sharded, map_sharded, save_sharded};
pub use trouble::{IndexTrouble, SafetensorsTrouble};

use super::bytes::Bytes;
use super::replace::{Written, write_beside};
use super::{HostTensor, StateDict};
use crate::error::Error;
use header::{Entry, Header};

/// The longest header that is read or written, as in the reference implementation.
pub const MAX_HEADER: u64 = 100_000_000;

/// Writes a state into a file, whose folder has to exist, with its notes.
///
/// A temporary file beside it takes its name when it is complete: whoever reads the path finds the
/// old file or the new one, never a part, and an error leaves the old one.
///
/// # Errors
/// If the file cannot be written, or a tensor is called `__metadata__`.
pub fn save(path: impl AsRef<Path>, state: &StateDict) -> Result<(), Error> {
    let path = path.as_ref();
    stage(path, state)?
        .take_name()
        .map_err(|source| Error::io(path, source))
}

/// Writes a state beside the file that it is to be.
fn stage(path: &Path, state: &StateDict) -> Result<Written, Error> {
    let (header, order) = header::write(state).map_err(|trouble| damaged(path, trouble))?;
    write_beside(path, |file| {
        file.write_all(&(header.len() as u64).to_le_bytes())?;
        file.write_all(header.as_bytes())?;
        order
            .iter()
            .try_for_each(|tensor| file.write_all(tensor.bytes()))
    })
    .map_err(|source| Error::io(path, source))
}

/// Reads a file. The tensors are in the order of its header. A name that ends in `.index.json` is
/// that of an index: [`load_sharded`] reads it.
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
/// If the file cannot be read, is damaged, or holds elements of a type that the format has not.
pub fn load(path: impl AsRef<Path>) -> Result<StateDict, Error> {
    let path = path.as_ref();
    match sharded::is_index(path) {
        true => load_sharded(path),
        false => load_file(path),
    }
}

fn load_file(path: &Path) -> Result<StateDict, Error> {
    let whole = fs::read(path).map_err(|source| Error::io(path, source))?;
    parse(&Bytes::new(whole)).map_err(|trouble| damaged(path, trouble))
}

/// Maps a file into memory: as [`load`], but nothing is read before it is used, and what is not
/// used is never read. The file stays open as long as one of its tensors lives.
///
/// ```
/// # use volta::{io::safetensors, prelude::*};
/// # let path = std::env::temp_dir().join(format!("mapped-{}.safetensors", std::process::id()));
/// # let mut layer: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
/// # layer.save_safetensors(&path)?;
/// // SAFETY: nobody changes the file while it is mapped.
/// let state = unsafe { safetensors::map(&path)? };
/// layer.load_state_dict(&state)?;
/// # drop(state);
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), volta::Error>(())
/// ```
///
/// # Safety
/// The file is neither overwritten in place nor cut off while a tensor of the state lives. To
/// replace it, as [`save`] does, or to remove it is no harm.
///
/// # Errors
/// As [`load`].
pub unsafe fn map(path: impl AsRef<Path>) -> Result<StateDict, Error> {
    let path = path.as_ref();
    // SAFETY: the caller's promise.
    unsafe {
        match sharded::is_index(path) {
            true => map_sharded(path),
            false => map_file(path),
        }
    }
}

/// # Safety
/// As of [`map`].
unsafe fn map_file(path: &Path) -> Result<StateDict, Error> {
    let at = |source| Error::io(path, source);
    let file = File::open(path).map_err(at)?;
    // SAFETY: the caller sees to it that the bytes stay as they are.
    let whole = unsafe { memmap2::Mmap::map(&file) }.map_err(at)?;
    parse(&Bytes::new(whole)).map_err(|trouble| damaged(path, trouble))
}

/// Reads the notes of a file, and none of its tensors.
///
/// # Errors
/// Those of [`load`].
pub fn load_metadata(path: impl AsRef<Path>) -> Result<BTreeMap<String, String>, Error> {
    let path = path.as_ref();
    let at = |source| Error::io(path, source);
    let mut file = File::open(path).map_err(at)?;
    let len = file.metadata().map_err(at)?.len();
    let mut length = Vec::new();
    (&file).take(8).read_to_end(&mut length).map_err(at)?;
    let declared = header_length(&length, len).map_err(|trouble| damaged(path, trouble))?;
    let mut header = vec![0; declared];
    file.read_exact(&mut header).map_err(at)?;
    let found = len - 8 - declared as u64;
    header_of(&header, found)
        .map(|header| header.metadata)
        .map_err(|trouble| damaged(path, trouble))
}

fn damaged(path: &Path, trouble: SafetensorsTrouble) -> Error {
    Error::Safetensors {
        path: path.to_owned(),
        trouble,
    }
}

/// The bytes of the header of a file with `len` in all, by its first eight.
fn header_length(start: &[u8], len: u64) -> Result<usize, SafetensorsTrouble> {
    let Some((length, _)) = start.split_first_chunk() else {
        return Err(SafetensorsTrouble::NoHeader { len });
    };
    let (declared, found) = (u64::from_le_bytes(*length), len - 8);
    if declared > found {
        return Err(SafetensorsTrouble::HeaderLength { declared, found });
    }
    if declared > MAX_HEADER {
        return Err(SafetensorsTrouble::HeaderTooLong(declared));
    }
    Ok(declared as usize)
}

/// The header of a file with `found` bytes of data.
fn header_of(json: &[u8], found: u64) -> Result<Header, SafetensorsTrouble> {
    let header = Header::parse(json)?;
    let declared = header.check()? as u64;
    if declared > found {
        return Err(SafetensorsTrouble::Truncated { declared, found });
    }
    if declared < found {
        return Err(SafetensorsTrouble::Trailing { declared, found });
    }
    Ok(header)
}

/// The tensors of a file, which share its bytes.
fn parse(whole: &Bytes) -> Result<StateDict, SafetensorsTrouble> {
    let start = 8 + header_length(whole, whole.len() as u64)?;
    let data = whole.slice(start..whole.len());
    let header = header_of(&whole[8..start], data.len() as u64)?;
    let mut state = StateDict::new();
    for Entry {
        key,
        dtype,
        dims,
        start,
        end,
    } in header.tensors
    {
        let tensor = HostTensor::of_bytes(dtype, dims, data.slice(start..end));
        state.insert(key, tensor.expect("checked before"));
    }
    *state.metadata_mut() = header.metadata;
    Ok(state)
}
