//! IDX, the format of the MNIST digits: a big-endian array of any rank.
//!
//! Two zero bytes, the type of the elements, the rank; a `u32` per axis; the elements. The format
//! is described at <https://yann.lecun.com/exdb/mnist/>.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::IdxTrouble;
use crate::error::Error;

/// The most axes that are read.
pub const MAX_RANK: usize = 8;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// An array from an IDX file, its elements in row-major order.
///
/// ```no_run
/// # fn main() -> Result<(), volta::Error> {
/// use volta::data::Idx;
///
/// let images = Idx::<u8>::read("train-images-idx3-ubyte.gz")?;
/// assert_eq!(images.dims()[1..], [28, 28]);
/// assert_eq!(images.data().len(), images.dims().iter().product::<usize>());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Idx<T> {
    dims: Vec<usize>,
    data: Vec<T>,
}

impl<T: IdxElement> Idx<T> {
    /// Reads a file, gzipped or not, whatever its name.
    ///
    /// # Errors
    ///
    /// The file does not open, is damaged, or holds elements of another type than `T`.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|source| Error::io(path, source))?;
        Self::from_reader(BufReader::new(file), path)
    }

    /// Reads from memory or a stream; `path` is what errors name.
    ///
    /// # Errors
    ///
    /// As [`Idx::read`].
    pub fn from_reader(mut reader: impl BufRead, path: &Path) -> Result<Self, Error> {
        let start = reader
            .fill_buf()
            .map_err(|source| Error::io(path, source))?;
        let gzipped = start.starts_with(&GZIP);
        let parsed = if gzipped {
            parse(MultiGzDecoder::new(reader))
        } else {
            parse(reader)
        };
        let idx = |trouble| Error::Idx {
            path: path.to_owned(),
            trouble,
        };
        parsed.map_err(|stop| match stop {
            Stop::Io(source) if gzipped && is_damage(&source) => {
                idx(IdxTrouble::Gzip(source.to_string()))
            }
            Stop::Io(source) => Error::io(path, source),
            Stop::Trouble(trouble) => idx(trouble),
        })
    }
}

impl<T> Idx<T> {
    /// The sizes of the axes.
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// The elements in row-major order.
    pub fn data(&self) -> &[T] {
        &self.data
    }

    /// The elements in row-major order, without a copy.
    pub fn into_data(self) -> Vec<T> {
        self.data
    }
}

enum Stop {
    Io(io::Error),
    Trouble(IdxTrouble),
}

impl From<io::Error> for Stop {
    fn from(source: io::Error) -> Self {
        Self::Io(source)
    }
}

impl From<IdxTrouble> for Stop {
    fn from(trouble: IdxTrouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// What a decoder reports of bad data, as against trouble with the device.
fn is_damage(trouble: &io::Error) -> bool {
    matches!(
        trouble.kind(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof
    )
}

fn parse<T: IdxElement>(mut reader: impl Read) -> Result<Idx<T>, Stop> {
    let mut header = Vec::new();
    let magic: [u8; 4] = take(&mut reader, &mut header)?;
    let [0, 0, code, rank] = magic else {
        return Err(IdxTrouble::Magic(magic).into());
    };
    let found = IdxType::from_code(code).ok_or(IdxTrouble::UnknownType(code))?;
    if found != T::TYPE {
        let asked = T::TYPE;
        return Err(IdxTrouble::OtherType { found, asked }.into());
    }
    if usize::from(rank) > MAX_RANK {
        return Err(IdxTrouble::Rank(rank).into());
    }

    let mut dims = Vec::with_capacity(rank.into());
    for _ in 0..rank {
        dims.push(u32::from_be_bytes(take(&mut reader, &mut header)?) as usize);
    }
    let declared = dims
        .iter()
        .try_fold(found.size(), |bytes, size| bytes.checked_mul(*size))
        .filter(|bytes| isize::try_from(*bytes).is_ok());
    let Some(declared) = declared else {
        return Err(IdxTrouble::Overflow(dims).into());
    };

    // `read_to_end` grows with what is there, so a header cannot ask for memory.
    let mut bytes = Vec::new();
    reader
        .by_ref()
        .take(declared as u64)
        .read_to_end(&mut bytes)?;
    if bytes.len() < declared {
        let found = bytes.len();
        return Err(IdxTrouble::Truncated { declared, found }.into());
    }
    // At the end a gzip decoder checks the sum, too.
    let mut rest = Vec::new();
    if reader.take(1).read_to_end(&mut rest)? > 0 {
        return Err(IdxTrouble::Trailing { declared }.into());
    }
    let data = T::decode(bytes);
    Ok(Idx { dims, data })
}

/// The next four bytes; `header` keeps what was read of it.
fn take(reader: &mut impl Read, header: &mut Vec<u8>) -> Result<[u8; 4], Stop> {
    let before = header.len();
    reader.take(4).read_to_end(header)?;
    header[before..]
        .try_into()
        .map_err(|_| IdxTrouble::TruncatedHeader(header.len()).into())
}

/// The type of the elements of an IDX file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdxType {
    /// 0x08
    U8,
    /// 0x09
    I8,
    /// 0x0b
    I16,
    /// 0x0c
    I32,
    /// 0x0d
    F32,
    /// 0x0e
    F64,
}

impl IdxType {
    fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0x08 => Self::U8,
            0x09 => Self::I8,
            0x0b => Self::I16,
            0x0c => Self::I32,
            0x0d => Self::F32,
            0x0e => Self::F64,
            _ => return None,
        })
    }

    fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::I16 => 2,
            Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

impl fmt::Display for IdxType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::F32 => "f32",
            Self::F64 => "f64",
        })
    }
}

/// An element of an IDX file: `u8`, `i8`, `i16`, `i32`, `f32` or `f64`.
pub trait IdxElement: sealed::Sealed + Sized {
    /// Its name in the header.
    const TYPE: IdxType;

    #[doc(hidden)]
    fn decode(bytes: Vec<u8>) -> Vec<Self>;
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for u8 {}

impl IdxElement for u8 {
    const TYPE: IdxType = IdxType::U8;

    fn decode(bytes: Vec<u8>) -> Vec<Self> {
        bytes
    }
}

macro_rules! element {
    ($($element:ident $name:ident),*) => {$(
        impl sealed::Sealed for $element {}

        impl IdxElement for $element {
            const TYPE: IdxType = IdxType::$name;

            fn decode(bytes: Vec<u8>) -> Vec<Self> {
                let (elements, _) = bytes.as_chunks();
                elements.iter().copied().map(Self::from_be_bytes).collect()
            }
        }
    )*};
}

element!(i8 I8, i16 I16, i32 I32, f32 F32, f64 F64);
