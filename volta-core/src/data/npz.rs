//! `.npz`, NumPy's format of several named arrays: a zip of [npy files](super::npy).
//!
//! A compressed array takes up to 1,032 times the bytes that it has in the file, the most that the
//! format packs; entries that share bytes, and so would take more, are refused.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::NpzTrouble;
use super::npy::{self, Stop};
use crate::error::Error;
use crate::io::StateDict;
use crate::io::replace::replace;

/// Writes tensors by name, as `numpy.savez` does, into a file whose folder has to exist. The
/// metadata of the state have no place in the format and are left out.
///
/// A temporary file beside it takes its name when it is complete.
///
/// ```
/// use volta::data::npz;
/// use volta::prelude::*;
///
/// # let path = std::env::temp_dir().join(format!("arrays-{}.npz", std::process::id()));
/// let layer: Linear<3, 2> = Linear::init(&mut Rng::seed(0));
/// npz::save(&path, &layer.state_dict())?;
///
/// let read = npz::load(&path)?;
/// let weight: Tensor<s![2, 3]> = read.get("weight").and_then(|x| x.tensor()).unwrap();
/// assert_eq!(weight.to_vec(), layer.weight.to_vec());
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), volta::Error>(())
/// ```
///
/// # Errors
/// If the file cannot be written.
pub fn save(path: impl AsRef<Path>, tensors: &StateDict) -> Result<(), Error> {
    write(path.as_ref(), tensors, CompressionMethod::Stored)
}

/// Writes tensors by name, compressed, as `numpy.savez_compressed` does; see [`save`].
///
/// # Errors
/// If the file cannot be written.
pub fn save_compressed(path: impl AsRef<Path>, tensors: &StateDict) -> Result<(), Error> {
    write(path.as_ref(), tensors, CompressionMethod::Deflated)
}

/// Reads a file. The tensors are in the order of the file.
///
/// # Errors
/// If the file cannot be read, is damaged, or holds anything else than arrays of types that volta
/// has.
pub fn load(path: impl AsRef<Path>) -> Result<StateDict, Error> {
    let path = path.as_ref();
    let file = File::open(path).map_err(|source| Error::io(path, source))?;
    from_reader(BufReader::new(file), path)
}

/// Reads from memory or a stream; `path` is what errors name.
///
/// # Errors
/// As [`load`].
pub fn from_reader(reader: impl Read + Seek, path: &Path) -> Result<StateDict, Error> {
    read(reader).map_err(|trouble| Error::Npz {
        path: path.to_owned(),
        trouble,
    })
}

fn write(path: &Path, tensors: &StateDict, method: CompressionMethod) -> Result<(), Error> {
    let header = |(name, tensor): (&str, _)| {
        npy::header(tensor).map_err(|trouble| Error::Npz {
            path: path.to_owned(),
            trouble: NpzTrouble::Array {
                name: name.to_owned(),
                trouble,
            },
        })
    };
    let headers = tensors.iter().map(header).collect::<Result<Vec<_>, _>>()?;
    replace(path, |file| {
        let mut archive = ZipWriter::new(file);
        for ((name, tensor), header) in tensors.iter().zip(headers) {
            // An entry beyond 4 GB says so in front; the header of an array has no part in that.
            let large = tensor.bytes().len() as u64 >= u64::from(u32::MAX) / 2;
            let options = SimpleFileOptions::default()
                .compression_method(method)
                .large_file(large);
            archive.start_file(format!("{name}.npy"), options)?;
            archive.write_all(&header)?;
            archive.write_all(tensor.bytes())?;
        }
        archive.finish()?.flush()
    })
    .map_err(|source| Error::io(path, source))
}

fn read(reader: impl Read + Seek) -> Result<StateDict, NpzTrouble> {
    let damaged = |error: &dyn std::error::Error| NpzTrouble::Zip(error.to_string());
    let mut archive = ZipArchive::new(reader).map_err(|e| damaged(&e))?;
    if archive.has_duplicate_names() {
        return Err(NpzTrouble::Duplicate);
    }
    if archive.has_overlapping_entries().map_err(|e| damaged(&e))? {
        return Err(NpzTrouble::Overlap);
    }
    let mut tensors = StateDict::new();
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place).map_err(|e| damaged(&e))?;
        let file = entry.name().map_err(|e| damaged(&e))?.into_owned();
        let Some(name) = file.strip_suffix(".npy") else {
            return Err(NpzTrouble::NoArray(file));
        };
        let tensor = npy::read(&mut entry).map_err(|stop| match stop {
            Stop::Io(error) => NpzTrouble::Entry {
                name: name.to_owned(),
                message: error.to_string(),
            },
            Stop::Trouble(trouble) => NpzTrouble::Array {
                name: name.to_owned(),
                trouble,
            },
        })?;
        tensors.insert(name, tensor);
    }
    Ok(tensors)
}
