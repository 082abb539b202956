//! What can be wrong with a data set.

use std::path::PathBuf;

use super::idx::{IdxType, MAX_RANK};
use crate::dtype::DtypeKind;
use crate::error::Error;
use crate::io::FileDtype;

/// Files that can be read, but are not the data set that they should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A folder lacks a file under any of its usual names.
    #[error("{}: there is none of {}", folder.display(), names.join(", "))]
    #[non_exhaustive]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The names looked for.
        names: Vec<String>,
    },
    /// The file holds something else than its name says.
    #[error("{}: expected sizes {expected}, found {found:?}", path.display())]
    #[non_exhaustive]
    Sizes {
        /// The file.
        path: PathBuf,
        /// The sizes that belong there.
        expected: &'static str,
        /// The sizes in the file.
        found: Vec<usize>,
    },
    /// Images and labels are not as many.
    #[error(
        "{} holds {images} images, but {} holds {labels} labels",
        images_path.display(),
        labels_path.display()
    )]
    #[non_exhaustive]
    Counts {
        /// The file of the images.
        images_path: PathBuf,
        /// The number of images.
        images: usize,
        /// The file of the labels.
        labels_path: PathBuf,
        /// The number of labels.
        labels: usize,
    },
    /// A label is no class.
    #[error("{}: label {index} is {label}, but there are {classes} classes", path.display())]
    #[non_exhaustive]
    Label {
        /// The file.
        path: PathBuf,
        /// Which label.
        index: usize,
        /// What it is.
        label: u8,
        /// The number of classes.
        classes: u8,
    },
    /// A position in an epoch that has fewer batches.
    #[error("batch {batch} of an epoch of {batches}")]
    #[non_exhaustive]
    Position {
        /// How many batches are said to be done.
        batch: usize,
        /// How many there are.
        batches: usize,
    },
    /// Tensors that should have equally many rows.
    #[error("the tensors of a data set have equally many rows, not {0:?}")]
    Rows(Vec<usize>),
    /// A batch of tensors of different sizes.
    #[error("a batch has items of one shape: the first is {wanted:?}, item {place} is {found:?}")]
    #[non_exhaustive]
    Unequal {
        /// Which item of the batch.
        place: usize,
        /// The sizes of the first.
        wanted: Vec<usize>,
        /// Its sizes.
        found: Vec<usize>,
    },
    /// An item of a data set that cannot be read.
    #[error("item {index} of the data set: {source}")]
    #[non_exhaustive]
    Item {
        /// Which item.
        index: usize,
        /// The trouble.
        source: Box<Error>,
    },
    /// A folder that should hold images, or folders of them.
    #[error("{}: no images (.png, .jpg, .jpeg) in it, or in folders of classes", folder.display())]
    #[non_exhaustive]
    NoImages {
        /// The folder.
        folder: PathBuf,
    },
    /// An image that cannot be decoded.
    #[error("{}: {trouble}", path.display())]
    #[non_exhaustive]
    Image {
        /// The file.
        path: PathBuf,
        /// What the decoder says.
        trouble: String,
    },
    /// An image of another size than the data set's.
    #[error(
        "{}: an image of {found:?} where [channels, height, width] should be [{}]; `resized` scales \
         images, a shape of `Dyn` takes any",
        path.display(),
        sizes(wanted)
    )]
    #[non_exhaustive]
    ImageSize {
        /// The file.
        path: PathBuf,
        /// Its sizes as they should be; `None` takes any.
        wanted: Vec<Option<usize>>,
        /// Its sizes.
        found: [usize; 3],
    },
    /// A weight that is no share of a sum.
    #[error("weight {index} is {weight}: weights are 0 or more, and finite")]
    #[non_exhaustive]
    Weight {
        /// Which weight.
        index: usize,
        /// What it is.
        weight: f64,
    },
    /// More items are to be drawn than can be.
    #[error("{draws} items to draw, but {drawable} have a weight above 0")]
    #[non_exhaustive]
    Draws {
        /// The items to draw.
        draws: usize,
        /// The items of a weight above 0.
        drawable: usize,
    },
}

/// Sizes of which some may be any.
fn sizes(wanted: &[Option<usize>]) -> String {
    let size = |size: &Option<usize>| size.map_or("any".to_owned(), |size| size.to_string());
    wanted.iter().map(size).collect::<Vec<_>>().join(", ")
}

/// What is wrong in a CSV file, or with what is asked of it. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsvTrouble {
    /// The file is no text.
    #[error("line {line}: it has bytes that are no UTF-8")]
    Utf8 {
        /// The line.
        line: usize,
    },
    /// There is no record to name the columns.
    #[error("it has no header: it is empty")]
    NoHeader,
    /// A record is longer or shorter than the first.
    #[error("line {line}: the record has {found} fields, the first has {expected}")]
    Width {
        /// The line that the record starts in.
        line: usize,
        /// The fields of the first record.
        expected: usize,
        /// Its fields.
        found: usize,
    },
    /// A quote stands within a field, or something behind a closing quote.
    #[error(
        "line {line}, column {column}: quotes go around a whole field, and a quote inside is \"\""
    )]
    Quote {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// A quote is never closed.
    #[error("line {line}, column {column}: the quote that opens there is not closed")]
    OpenQuote {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// A field is no number of the type asked for.
    #[error("line {line}, column {column}{}: {text:?} is no {dtype}", named(name.as_deref()))]
    Number {
        /// The line that the record starts in.
        line: usize,
        /// The column.
        column: usize,
        /// The name of the column, if there is a header.
        name: Option<String>,
        /// What stands there.
        text: String,
        /// The type.
        dtype: DtypeKind,
    },
    /// There is no column of that number.
    #[error("it has {columns} columns, and none of the number {column}, from 0")]
    NoColumn {
        /// The number asked for, from 0.
        column: usize,
        /// How many there are.
        columns: usize,
    },
    /// There is no column of that name.
    #[error("it has no column `{name}`, but {names:?}")]
    NoName {
        /// The name asked for.
        name: String,
        /// Those that there are.
        names: Vec<String>,
    },
    /// Two columns have that name.
    #[error("two of its columns have the name `{0}`")]
    TwoNames(String),
}

fn named(name: Option<&str>) -> String {
    name.map(|name| format!(" (`{name}`)")).unwrap_or_default()
}

/// What is wrong in an npy file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NpyTrouble {
    /// The first six bytes are not `\x93NUMPY`.
    #[error("no npy file: it starts with the bytes {0:02x?}, not with 93 4e 55 4d 50 59")]
    Magic(Vec<u8>),
    /// The format is of a version that is not read.
    #[error("it is of version {0}.{1}; 1.0, 2.0 and 3.0 are read")]
    Version(u8, u8),
    /// The file ends inside its header.
    #[error("it ends inside its header, after {0} bytes")]
    TruncatedHeader(usize),
    /// The header is not the Python dictionary that it should be.
    #[error("its header is damaged: there is no {expected} at {found:?}")]
    Header {
        /// What should stand there.
        expected: &'static str,
        /// What does.
        found: String,
    },
    /// The elements are of a type that volta has not.
    #[error("volta has no element type for `{0}`")]
    Dtype(String),
    /// The elements to be written are of a type that NumPy has not.
    #[error("NumPy has no element type for {0}")]
    NotInNumpy(FileDtype),
    /// The sizes are more than memory can hold.
    #[error("the shape {dims:?} of {dtype} is more than memory can hold")]
    Overflow {
        /// The sizes.
        dims: Vec<usize>,
        /// The element type.
        dtype: FileDtype,
    },
    /// The file ends before its elements do.
    #[error("it is cut off: its header declares {declared} bytes of data, {found} are there")]
    Truncated {
        /// The bytes that the header declares.
        declared: usize,
        /// The bytes in the file.
        found: usize,
    },
    /// The file goes on after its elements.
    #[error("it goes on after the {declared} bytes of data that its header declares")]
    Trailing {
        /// The bytes that the header declares.
        declared: usize,
    },
    /// A `bool` is neither 0 nor 1.
    #[error("its element {place} is the byte {byte}, which is no bool")]
    NotBool {
        /// Which element.
        place: usize,
        /// What it is.
        byte: u8,
    },
    /// The elements are of another type than asked for.
    #[error("it holds {found}, but {asked} was asked for")]
    OtherType {
        /// The type in the file.
        found: FileDtype,
        /// The type asked for.
        asked: DtypeKind,
    },
    /// The sizes are others than asked for.
    #[error("it has the shape {found:?}, which is no {wanted}")]
    Shape {
        /// The sizes in the file.
        found: Vec<usize>,
        /// The sizes asked for, `_` where any will do.
        wanted: String,
    },
}

/// What is wrong in an npz file.
#[cfg(feature = "npz")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NpzTrouble {
    /// The file is no zip archive, or a damaged one.
    #[error("no zip archive, or a damaged one: {0}")]
    Zip(String),
    /// An entry of the archive does not read.
    #[error("array `{name}`: its entry is damaged: {message}")]
    Entry {
        /// The array.
        name: String,
        /// What the reader says.
        message: String,
    },
    /// An entry is no npy file, a damaged one, or one of what volta has not.
    #[error("array `{name}`: {trouble}")]
    Array {
        /// The array.
        name: String,
        /// The trouble.
        trouble: NpyTrouble,
    },
    /// An entry has not the name of an npy file.
    #[error("its entry `{0}` is no array: the name does not end in .npy")]
    NoArray(String),
    /// Two entries have one name.
    #[error("two of its entries have one name")]
    Duplicate,
    /// Entries share bytes, of which a small archive could make any number of arrays.
    #[error("its entries overlap")]
    Overlap,
}

/// What is wrong in an IDX file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdxTrouble {
    /// The first two bytes are not zero.
    #[error("not an IDX file: it starts with the bytes {0:02x?}, not with 00 00")]
    Magic([u8; 4]),
    /// The third byte names no type of elements.
    #[error(
        "the type 0x{0:02x} is none that IDX has (08 u8, 09 i8, 0b i16, 0c i32, 0d f32, 0e f64)"
    )]
    UnknownType(u8),
    /// The elements are of another type than asked for.
    #[error("it holds {found}, but {asked} was asked for")]
    OtherType {
        /// The type in the file.
        found: IdxType,
        /// The type asked for.
        asked: IdxType,
    },
    /// There are too many axes.
    #[error("it has {0} axes; up to {MAX_RANK} are read")]
    Rank(u8),
    /// The product of the sizes is no size.
    #[error("the sizes {0:?} are more than memory can hold")]
    Overflow(Vec<usize>),
    /// The file ends inside its header.
    #[error("it ends inside its header, after {0} bytes")]
    TruncatedHeader(usize),
    /// The file ends before its data do.
    #[error("it is cut off: its header declares {declared} bytes of data, {found} are there")]
    Truncated {
        /// The bytes that the header declares.
        declared: usize,
        /// The bytes in the file.
        found: usize,
    },
    /// The file goes on after its data.
    #[error("it goes on after the {declared} bytes of data that its header declares")]
    Trailing {
        /// The bytes that the header declares.
        declared: usize,
    },
    /// The compressed data are damaged.
    #[error("its gzip data are damaged: {0}")]
    Gzip(String),
}
