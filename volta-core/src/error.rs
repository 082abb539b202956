//! What can go wrong when a program runs.

use std::path::PathBuf;

use crate::dtype::DtypeKind;

/// An error of volta.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The number of elements given is not that of the shape.
    #[error("{found} elements for the shape {dims:?}, which has {}", dims.iter().product::<usize>())]
    Length {
        /// Elements given.
        found: usize,
        /// The sizes asked for.
        dims: Vec<usize>,
    },
    /// A shape known at run time is not the one that a type asks for.
    #[error("a tensor of shape {found:?} is no {wanted}")]
    Shape {
        /// The shape there is.
        found: Vec<usize>,
        /// The shape asked for, `_` where any size will do.
        wanted: String,
    },
    /// The sizes of two operands do not fit.
    #[error("{op}: the shapes {left:?} and {right:?} do not fit: {detail}")]
    Mismatch {
        /// The op.
        op: &'static str,
        /// Sizes of the first operand.
        left: Vec<usize>,
        /// Sizes of the second.
        right: Vec<usize>,
        /// Which sizes, and why.
        detail: String,
    },
    /// A state dict does not fit a model. The model is left as it was.
    #[error("the state does not fit the model:{}", list(.0))]
    State(Vec<StateProblem>),
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The trouble.
        source: std::io::Error,
    },
    /// A file holds something else than it should.
    #[error("{}: {detail}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The trouble.
        detail: String,
    },
}

/// One thing that does not fit between a state dict and a model.
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
    /// A tensor of `bool` has bytes that are neither 0 nor 1.
    #[error("{0}: has bytes that are no bool")]
    NotBool(String),
    /// Both have it, of different element types.
    #[error("{key}: the model has {wanted} elements, the state has {found}")]
    Dtype {
        /// Its name.
        key: String,
        /// The model's.
        wanted: DtypeKind,
        /// The state's.
        found: DtypeKind,
    },
}

fn list(problems: &[StateProblem]) -> String {
    problems.iter().map(|p| format!("\n  {p}")).collect()
}
