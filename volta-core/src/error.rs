//! What can go wrong when a program runs.

mod device;

use std::io;
use std::path::{Path, PathBuf};

pub use device::DeviceError;

#[cfg(feature = "npz")]
use crate::data::NpzTrouble;
#[cfg(feature = "data")]
use crate::data::{CsvTrouble, DataError, IdxTrouble, NpyTrouble};
use crate::dtype::DtypeKind;
#[cfg(feature = "safetensors")]
use crate::io::checkpoint::CheckpointTrouble;
#[cfg(feature = "pytorch")]
use crate::io::pytorch::PytorchTrouble;
#[cfg(feature = "safetensors")]
use crate::io::safetensors::{IndexTrouble, SafetensorsTrouble};
use crate::io::{FileDtype, KeyMapTrouble};
use crate::shape::Shape;
use crate::shape::runtime::{self, ShapeError};

/// An error of volta.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The number of elements given is not that of the shape: `Tensor::from_vec` and its like.
    #[error(
        "{found} elements for the shape {dims:?}, which has {}",
        elements(dims)
    )]
    Length {
        /// Elements given.
        found: usize,
        /// The sizes asked for.
        dims: Vec<usize>,
    },
    /// A shape known at run time is not the one that a type asks for: `Tensor::try_fix`.
    #[error("a tensor of shape {found:?} is no {wanted}")]
    Shape {
        /// The shape there is.
        found: Vec<usize>,
        /// The shape asked for, `_` where any size will do.
        wanted: String,
    },
    /// Sizes known at run time do not go together.
    #[error(transparent)]
    Sizes(#[from] ShapeError),
    /// A device refuses, or fails.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A state does not fit a model, or a model has no state. A model that should have taken it is
    /// left as it was.
    #[error("{}the state does not fit the model:{}", prefix(path.as_deref()), list(problems))]
    State {
        /// The file that the state was read from.
        path: Option<PathBuf>,
        /// Everything that is wrong, in the order of the model.
        problems: Vec<StateProblem>,
    },
    /// A file or a folder does not open, read, write or take its name.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The trouble.
        source: io::Error,
    },
    /// A file is no safetensors file, a damaged one, or one of what volta has not.
    #[cfg(feature = "safetensors")]
    #[error("{}: {trouble}", path.display())]
    Safetensors {
        /// The file.
        path: PathBuf,
        /// The trouble.
        trouble: SafetensorsTrouble,
    },
    /// An index of safetensors files is none, or the files are not what it says.
    #[cfg(feature = "safetensors")]
    #[error("{}: {trouble}", path.display())]
    Index {
        /// The index.
        path: PathBuf,
        /// The trouble.
        trouble: IndexTrouble,
    },
    /// A step of a map from one checkpoint's names to another's fails.
    #[error("step {step} of the key map, {what}: {trouble}")]
    KeyMap {
        /// Its number, from 1.
        step: usize,
        /// The step as it is written: `rename("**.gamma", "$1.weight")`.
        what: String,
        /// The trouble.
        trouble: Box<KeyMapTrouble>,
    },
    /// A file is no checkpoint, or a damaged one, or a checkpoint cannot be saved there.
    #[cfg(feature = "safetensors")]
    #[error("{}: {trouble}", path.display())]
    Checkpoint {
        /// The file, or the folder.
        path: PathBuf,
        /// The trouble.
        trouble: CheckpointTrouble,
    },
    /// A file is no file of PyTorch, a damaged one, or one of what volta has not.
    #[cfg(feature = "pytorch")]
    #[error("{}: {trouble}", path.display())]
    Pytorch {
        /// The file.
        path: PathBuf,
        /// The trouble.
        trouble: Box<PytorchTrouble>,
    },
    /// A file is no IDX file, a damaged one, or one of other elements than asked for.
    #[cfg(feature = "data")]
    #[error("{}: {trouble}", path.display())]
    Idx {
        /// The file.
        path: PathBuf,
        /// The trouble.
        trouble: IdxTrouble,
    },
    /// A file is no CSV file, a damaged one, or one of other fields than asked for.
    #[cfg(feature = "data")]
    #[error("{}: {trouble}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// The trouble.
        trouble: CsvTrouble,
    },
    /// A file is no npy file, a damaged one, or one of what volta has not.
    #[cfg(feature = "data")]
    #[error("{}: {trouble}", path.display())]
    Npy {
        /// The file.
        path: PathBuf,
        /// The trouble.
        trouble: NpyTrouble,
    },
    /// A file is no npz file, a damaged one, or one of what volta has not.
    #[cfg(feature = "npz")]
    #[error("{}: {trouble}", path.display())]
    Npz {
        /// The file.
        path: PathBuf,
        /// The trouble.
        trouble: NpzTrouble,
    },
    /// Files that can be read are not the data set that they should be.
    #[cfg(feature = "data")]
    #[error(transparent)]
    Data(#[from] DataError),
}

impl Error {
    #[cfg(any(feature = "data", feature = "pytorch", feature = "safetensors"))]
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Error::Io {
            path: path.to_owned(),
            source,
        }
    }

    /// The same, of a state that was read from this file.
    #[cfg(feature = "safetensors")]
    pub(crate) fn read_from(self, path: &Path) -> Self {
        match self {
            Error::State { problems, .. } => Error::State {
                path: Some(path.to_owned()),
                problems,
            },
            other => other,
        }
    }
}

/// One thing that keeps a state from being a model's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateProblem {
    /// The model has it, the state does not.
    #[error("missing: {0}")]
    Missing(String),
    /// The state has it, the model does not.
    #[error("unexpected: {0}")]
    Unexpected(String),
    /// Both have it, of different sizes.
    #[error("{key}: the model has shape {wanted:?}, the state has {found:?}")]
    Shape {
        /// Its name.
        key: String,
        /// The model's.
        wanted: Vec<usize>,
        /// The state's.
        found: Vec<usize>,
    },
    /// The model has two tensors of one name, by `#[module(flatten)]` or `#[module(rename = ..)]`.
    #[error("duplicate: two tensors of the model have the name `{0}`")]
    Duplicate(String),
    /// A tensor of `bool` has bytes that are neither 0 nor 1.
    #[error("{0}: has bytes other than 0 and 1, which are no bool")]
    NotBool(String),
    /// What an optimiser's state has for the number of steps is none.
    #[error("{key}: {found} is no number of steps")]
    Steps {
        /// Its name.
        key: String,
        /// What is there.
        found: i64,
    },
    /// A note of a checkpoint is not what it should be.
    #[error("{key}: `{found}` is no {wanted}")]
    Note {
        /// Its name.
        key: String,
        /// What is there.
        found: String,
        /// What should be.
        wanted: &'static str,
    },
    /// Both have it, of different element types.
    #[error("{key}: the model has {wanted} elements, the state has {found}")]
    Dtype {
        /// Its name.
        key: String,
        /// The model's.
        wanted: DtypeKind,
        /// The state's.
        found: FileDtype,
    },
}

impl StateProblem {
    /// The same, of a state that is the part `name` of another.
    #[cfg(feature = "safetensors")]
    pub(crate) fn within(mut self, name: &str) -> Self {
        let key = match &mut self {
            StateProblem::Missing(key)
            | StateProblem::Unexpected(key)
            | StateProblem::Duplicate(key)
            | StateProblem::NotBool(key)
            | StateProblem::Shape { key, .. }
            | StateProblem::Steps { key, .. }
            | StateProblem::Note { key, .. }
            | StateProblem::Dtype { key, .. } => key,
        };
        *key = crate::io::join(name, key);
        self
    }
}

fn elements(dims: &[usize]) -> String {
    match runtime::count(dims) {
        usize::MAX => "more than can be counted".to_owned(),
        n => n.to_string(),
    }
}

/// The sizes of a shape, `_` where any will do.
pub(crate) fn sizes<S: Shape>() -> String {
    let size = |s: &Option<usize>| s.map_or("_".to_owned(), |n| n.to_string());
    let sizes: Vec<String> = S::STATIC.iter().map(size).collect();
    format!("[{}]", sizes.join(", "))
}

fn prefix(path: Option<&Path>) -> String {
    path.map(|path| format!("{}: ", path.display()))
        .unwrap_or_default()
}

fn list(problems: &[StateProblem]) -> String {
    problems.iter().map(|p| format!("\n  {p}")).collect()
}

#[cfg(test)]
mod tests;
