//! `.npy`, [NumPy's format](https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html)
//! of one array: six bytes of magic, a version, a header that is a Python dictionary, the elements.
//!
//! Versions 1 to 3 are read, little-endian and big-endian, in the order of C and of Fortran. NumPy
//! has no `bfloat16`: `bf16` is written, and read, as two bytes without a meaning (`<V2`), which is
//! what the package `ml_dtypes` does.

mod header;

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use super::NpyTrouble;
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::error::{Error, sizes};
use crate::io::replace::replace;
use crate::io::strided::row_major;
use crate::io::{FileDtype, HostTensor};
use crate::shape::Shape;
use crate::tensor::Tensor;
use header::Header;

/// Writes a tensor into a file, whose folder has to exist.
///
/// A temporary file beside it takes its name when it is complete.
///
/// ```
/// use volta::data::npy;
/// use volta::prelude::*;
///
/// # let path = std::env::temp_dir().join(format!("array-{}.npy", std::process::id()));
/// let x: Tensor<s![2, 3]> = tensor![[1., 2., 3.], [4., 5., 6.]];
/// npy::save(&path, &x)?;
/// let read: Tensor<s![Dyn, 3]> = npy::load(&path)?;
/// assert_eq!(read.to_vec(), x.to_vec());
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), volta::Error>(())
/// ```
///
/// # Errors
/// If the tensor cannot be read, or the file cannot be written.
pub fn save<S: Shape, E: Dtype, B: Backend>(
    path: impl AsRef<Path>,
    x: &Tensor<S, E, B>,
) -> Result<(), Error> {
    save_any(path, &HostTensor::of(x.dims(), &x.try_to_vec()?))
}

/// Writes a tensor of any type, as [`save`] does.
///
/// # Errors
/// If the elements are of a type that NumPy has not, or the file cannot be written.
pub fn save_any(path: impl AsRef<Path>, x: &HostTensor) -> Result<(), Error> {
    let path = path.as_ref();
    let header = header(x).map_err(|trouble| Stop::Trouble(trouble).at(path))?;
    replace(path, |file| {
        file.write_all(&header)?;
        file.write_all(x.bytes())
    })
    .map_err(|source| Error::io(path, source))
}

/// Reads a file of this element type and these sizes.
///
/// # Errors
/// If the file cannot be read, is damaged, or holds other elements or sizes.
pub fn load<S: Shape, E: Dtype>(path: impl AsRef<Path>) -> Result<Tensor<S, E>, Error> {
    let path = path.as_ref();
    let host = load_any(path)?;
    let trouble = if host.dtype() != E::KIND {
        let (found, asked) = (host.dtype(), E::KIND);
        NpyTrouble::OtherType { found, asked }
    } else if let Some(tensor) = host.tensor() {
        return Ok(tensor);
    } else {
        let (found, wanted) = (host.dims().to_vec(), sizes::<S>());
        NpyTrouble::Shape { found, wanted }
    };
    Err(Stop::Trouble(trouble).at(path))
}

/// Reads a file of whatever elements and sizes it has.
///
/// # Errors
/// If the file cannot be read, is damaged, or holds elements of a type that volta has not.
pub fn load_any(path: impl AsRef<Path>) -> Result<HostTensor, Error> {
    let path = path.as_ref();
    let file = File::open(path).map_err(|source| Error::io(path, source))?;
    from_reader(BufReader::new(file), path)
}

/// Reads from memory or a stream; `path` is what errors name.
///
/// # Errors
/// As [`load_any`].
pub fn from_reader(reader: impl Read, path: &Path) -> Result<HostTensor, Error> {
    read(reader).map_err(|stop| stop.at(path))
}

pub(super) enum Stop {
    Io(io::Error),
    Trouble(NpyTrouble),
}

impl Stop {
    fn at(self, path: &Path) -> Error {
        match self {
            Stop::Io(source) => Error::io(path, source),
            Stop::Trouble(trouble) => Error::Npy {
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

impl From<NpyTrouble> for Stop {
    fn from(trouble: NpyTrouble) -> Self {
        Stop::Trouble(trouble)
    }
}

/// What stands in front of the elements.
pub(super) fn header(x: &HostTensor) -> Result<Vec<u8>, NpyTrouble> {
    header::write(x.dtype(), x.dims()).ok_or(NpyTrouble::NotInNumpy(x.dtype()))
}

pub(super) fn read(mut reader: impl Read) -> Result<HostTensor, Stop> {
    let Header {
        dtype,
        big_endian,
        fortran,
        dims,
    } = header::read(&mut reader)?;
    // An axis of size 0 does not make room for what the others overflow by.
    let axes: Vec<usize> = dims.iter().map(|size| (*size).max(1)).collect();
    if dtype
        .bytes_of(&axes)
        .is_none_or(|bytes| isize::try_from(bytes).is_err())
    {
        return Err(NpyTrouble::Overflow { dims, dtype }.into());
    }
    let size = dtype.bits() / 8;
    let declared = dims.iter().product::<usize>() * size;
    // `take` and `read_to_end` grow with what is there, so a header cannot ask for memory.
    let mut bytes = Vec::new();
    let found = reader
        .by_ref()
        .take(declared as u64)
        .read_to_end(&mut bytes)?;
    if found < declared {
        return Err(NpyTrouble::Truncated { declared, found }.into());
    }
    // At its end a compressed stream checks its sum, too.
    if reader.take(1).read_to_end(&mut Vec::new())? > 0 {
        return Err(NpyTrouble::Trailing { declared }.into());
    }
    if dtype == FileDtype::Bool
        && let Some(place) = bytes.iter().position(|byte| *byte > 1)
    {
        let byte = bytes[place];
        return Err(NpyTrouble::NotBool { place, byte }.into());
    }
    if big_endian {
        bytes
            .chunks_exact_mut(dtype.word())
            .for_each(<[u8]>::reverse);
    }
    if fortran {
        let mut strides = vec![1; dims.len()];
        for axis in 1..dims.len() {
            strides[axis] = strides[axis - 1] * dims[axis - 1];
        }
        bytes = row_major(&bytes, size, &dims, &strides, 0);
    }
    Ok(HostTensor::new(dtype, dims, bytes).expect("as many bytes as the sizes say"))
}
