//! What can be wrong in a safetensors file, and in an index of several.

use crate::error::Error;

/// What is wrong in a safetensors file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SafetensorsTrouble {
    /// The file ends inside its first eight bytes.
    #[error("no safetensors file: it has {len} bytes, and its first 8 say how long its header is")]
    NoHeader {
        /// The bytes in the file.
        len: u64,
    },
    /// The header would reach beyond the end of the file: it is cut off, or of another format.
    #[error(
        "cut off, or no safetensors file: its header would be {declared} bytes long, but {found} \
         follow"
    )]
    HeaderLength {
        /// The bytes that the first eight declare.
        declared: u64,
        /// The bytes that follow them.
        found: u64,
    },
    /// The header is longer than [`MAX_HEADER`](super::MAX_HEADER).
    #[error("its header is {0} bytes long, and {max} are the most", max = super::MAX_HEADER)]
    HeaderTooLong(u64),
    /// The header does not start with a brace: the file is of another format.
    #[error("no safetensors file: its header starts with the byte {0:02x}, not with 7b, a brace")]
    Magic(u8),
    /// The header is not the JSON that it should be.
    #[error("its header is damaged: {0}")]
    Json(String),
    /// The entry of a tensor in the header lacks something or says it wrongly.
    #[error("tensor `{key}`: its `{field}` is missing, there twice or no {expected}")]
    Entry {
        /// The tensor.
        key: String,
        /// What is wrong: `dtype`, `shape` or `data_offsets`.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A name is there twice, or is that of the notes.
    #[error("two entries of its header have the name `{0}`")]
    Duplicate(String),
    /// A note in `__metadata__` is no string.
    #[error("the note `{0}` in its `__metadata__` is no string")]
    Note(String),
    /// A tensor to be saved is called `__metadata__`, which the format keeps for notes.
    #[error("a tensor cannot have the name `__metadata__`, which the format keeps for notes")]
    Reserved,
    /// The elements of some tensors are of types that the format has not: each with its type.
    #[error("safetensors has no element type for {}", pairs(.0))]
    Dtypes(Vec<(String, String)>),
    /// The sizes of a tensor are more than memory can hold.
    #[error("tensor `{key}`: the shape {dims:?} of {dtype} is more than memory can hold")]
    Overflow {
        /// The tensor.
        key: String,
        /// Its sizes.
        dims: Vec<usize>,
        /// Its element type.
        dtype: String,
    },
    /// The bytes of a tensor are not as many as its shape and element type say.
    #[error(
        "tensor `{key}`: the shape {dims:?} of {dtype} takes {wanted} bytes, its offsets {start} \
         to {end} do not"
    )]
    Size {
        /// The tensor.
        key: String,
        /// Its sizes.
        dims: Vec<usize>,
        /// Its element type.
        dtype: String,
        /// The bytes that they take.
        wanted: usize,
        /// Where it starts.
        start: usize,
        /// Where it ends.
        end: usize,
    },
    /// A tensor starts before the one in front of it ends, or later, which leaves a gap.
    #[error(
        "tensor `{key}` starts at byte {start} of the data, but what is before it ends at {end}"
    )]
    Place {
        /// The tensor.
        key: String,
        /// Where it starts.
        start: usize,
        /// Where it should.
        end: usize,
    },
    /// The file ends before its tensors do.
    #[error("cut off: its header declares {declared} bytes of data, {found} are there")]
    Truncated {
        /// The bytes that the header declares.
        declared: u64,
        /// The bytes in the file.
        found: u64,
    },
    /// The file goes on after its tensors.
    #[error("it goes on after its tensors: they end after {declared} bytes of {found}")]
    Trailing {
        /// The bytes that the header declares.
        declared: u64,
        /// The bytes in the file.
        found: u64,
    },
}

/// What is wrong in an index of safetensors files, or with the files that it names.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexTrouble {
    /// It is not the JSON that it should be.
    #[error("no index of safetensors files: {0}")]
    Json(String),
    /// It does not say what is where, or says it twice.
    #[error("no index of safetensors files: its `weight_map` is missing, there twice or no object")]
    WeightMap,
    /// It names a tensor twice.
    #[error("it names the tensor `{0}` twice")]
    Duplicate(String),
    /// What it says of a tensor is no file in its own folder.
    #[error("the tensor `{key}` is in {file}, which is no file in the folder of the index")]
    Outside {
        /// The tensor.
        key: String,
        /// The file, as it is written there.
        file: String,
    },
    /// A file cannot be read, or is damaged.
    #[error("{0}")]
    Shard(#[source] Box<Error>),
    /// A file lacks a tensor that should be in it.
    #[error("`{file}` has not the tensor `{key}`, which the index says is there")]
    Missing {
        /// The file.
        file: String,
        /// The tensor.
        key: String,
    },
    /// A file has a tensor that should not be in it.
    #[error("`{file}` has the tensor `{key}`, which the index {}", elsewhere(.named))]
    Unexpected {
        /// The file.
        file: String,
        /// The tensor.
        key: String,
        /// The file that the index names for it; `None` if it does not name it.
        named: Option<String>,
    },
}

fn elsewhere(named: &Option<String>) -> String {
    match named {
        Some(file) => format!("says is in `{file}`"),
        None => "does not name".to_owned(),
    }
}

fn pairs(dtypes: &[(String, String)]) -> String {
    let each = dtypes
        .iter()
        .map(|(key, dtype)| format!("`{key}` ({dtype})"));
    each.collect::<Vec<_>>().join(", ")
}
