//! What can be wrong in a step of a map.

use std::error::Error;

use crate::dtype::DtypeKind;
use crate::io::FileDtype;

/// Why a step of a [`KeyMap`](super::KeyMap) fails.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyMapTrouble {
    /// A pattern is none.
    #[error("`{pattern}` is no pattern: {what}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// What names are replaced by is no name.
    #[error("`{replacement}` is no replacement: {what}")]
    Replacement {
        /// The replacement.
        replacement: String,
        /// What is wrong with it.
        what: String,
    },
    /// No key matches a pattern, or begins with a prefix. A step that may match none says
    /// [`optional`](super::KeyMap::optional).
    #[error("no key matches `{pattern}`{}", or_nearest(.nearest))]
    Unmatched {
        /// The pattern, or the prefix.
        pattern: String,
        /// The key that comes nearest to it; `None` if there is no key at all.
        nearest: Option<String>,
    },
    /// Two tensors would have one name.
    #[error("`{first}` and `{second}` would both have the name `{key}`")]
    Collision {
        /// The name.
        key: String,
        /// What the one is called before the step.
        first: String,
        /// What the other is called before the step.
        second: String,
    },
    /// A tensor has not the axes that are to change places.
    #[error("`{key}` has the shape {dims:?}: {}", order(.axes))]
    Axes {
        /// The tensor.
        key: String,
        /// Its sizes.
        dims: Vec<usize>,
        /// The order asked for; `None` if the last two axes are to change places.
        axes: Option<Vec<usize>>,
    },
    /// A tensor has no such axis.
    #[error("`{key}` has the shape {dims:?}, which has no axis {axis}")]
    NoAxis {
        /// The tensor.
        key: String,
        /// Its sizes.
        dims: Vec<usize>,
        /// The axis.
        axis: usize,
    },
    /// The size of an axis is no multiple of the number of parts.
    #[error("`{key}` has the shape {dims:?}: axis {axis} does not split into {parts} equal parts")]
    Split {
        /// The tensor.
        key: String,
        /// Its sizes.
        dims: Vec<usize>,
        /// The axis.
        axis: usize,
        /// The parts asked for.
        parts: usize,
    },
    /// The parts have not the size of the axis together.
    #[error("`{key}` has the shape {dims:?}: the parts {sizes:?} do not make up axis {axis}")]
    Sizes {
        /// The tensor.
        key: String,
        /// Its sizes.
        dims: Vec<usize>,
        /// The axis.
        axis: usize,
        /// The sizes of the parts.
        sizes: Vec<usize>,
    },
    /// A split or a merge names no part.
    #[error("it names no part")]
    NoParts,
    /// What is to be merged lacks a part.
    #[error("`{key}` lacks a part: no key matches `{part}` beside `{found}`")]
    Part {
        /// The name of the whole.
        key: String,
        /// The pattern of the part.
        part: String,
        /// A part that is there.
        found: String,
    },
    /// Two tensors are the same part of a whole.
    #[error("`{first}` and `{second}` are both the part `{part}` of `{key}`")]
    PartTwice {
        /// The name of the whole.
        key: String,
        /// The pattern of the part.
        part: String,
        /// The one.
        first: String,
        /// The other.
        second: String,
    },
    /// The sizes or element types of parts do not go together.
    #[error(
        "`{first}` {first_dims:?} of {first_dtype} and `{second}` {second_dims:?} of \
         {second_dtype} do not join along axis {axis}"
    )]
    Join {
        /// The first part.
        first: String,
        /// Its sizes.
        first_dims: Vec<usize>,
        /// Its element type.
        first_dtype: FileDtype,
        /// The part that differs from it.
        second: String,
        /// Its sizes.
        second_dims: Vec<usize>,
        /// Its element type.
        second_dtype: FileDtype,
        /// The axis.
        axis: usize,
    },
    /// The elements share bytes, and are neither moved nor taken apart.
    #[error("`{key}` has {dtype} elements, which share bytes: they stay as they are")]
    SharedBytes {
        /// The tensor.
        key: String,
        /// Its element type.
        dtype: FileDtype,
    },
    /// The elements do not cast.
    #[error("`{key}`: its {from} elements do not cast to {to}")]
    Cast {
        /// The tensor.
        key: String,
        /// Its element type.
        from: FileDtype,
        /// The one asked for.
        to: DtypeKind,
    },
    /// A tensor is not the copy of another that it should be.
    #[error("`{key}` is no copy of `{other}`, {}", match .there {
        true => "which differs from it",
        false => "which is not there",
    })]
    NotTied {
        /// The tensor.
        key: String,
        /// What it should be a copy of.
        other: String,
        /// Whether there is such a tensor.
        there: bool,
    },
    /// A function of one's own fails.
    #[error("`{key}`: {source}")]
    Function {
        /// The tensor.
        key: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
}

fn or_nearest(nearest: &Option<String>) -> String {
    match nearest {
        Some(key) => format!("; the nearest is `{key}`"),
        None => ": there is none".to_owned(),
    }
}

fn order(axes: &Option<Vec<usize>>) -> String {
    match axes {
        Some(axes) => format!("{axes:?} is no order of its axes"),
        None => "there are no two axes to change places".to_owned(),
    }
}
