//! What is wrong with the sizes of an op.

use std::fmt;
use std::ops::Deref;

use super::Dims;

/// Sizes that do not go together in an op.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError(Box<Mismatch>);

/// What a [`ShapeError`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The op.
    pub op: &'static str,
    /// The sizes of the operand, or of the left one.
    pub left: Dims,
    /// The sizes of the right operand, or those asked for.
    pub right: Dims,
    /// What is wrong.
    pub kind: ShapeErrorKind,
}

impl ShapeError {
    /// An error of the op `op` on operands of these sizes.
    pub fn new(op: &'static str, left: &[usize], right: &[usize], kind: ShapeErrorKind) -> Self {
        ShapeError(Box::new(Mismatch {
            op,
            left: Dims::new(left),
            right: Dims::new(right),
            kind,
        }))
    }

    /// The same error on the whole shapes, where it was found on parts of them.
    pub(super) fn of(self, left: &[usize], right: &[usize]) -> Self {
        ShapeError::new(self.op, left, right, self.0.kind)
    }
}

impl Deref for ShapeError {
    type Target = Mismatch;

    fn deref(&self) -> &Mismatch {
        &self.0
    }
}

/// What is wrong with the sizes of a [`ShapeError`].
///
/// No variant has the name of a type of shapes: the compiler would then print that type with its
/// whole path in every message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShapeErrorKind {
    /// Two axes that should be equal are not.
    Unequal {
        /// The axis of the result, from the front.
        axis: usize,
        /// Its size on the left.
        left: usize,
        /// Its size on the right.
        right: usize,
    },
    /// The sizes that a matrix product sums over differ.
    UnequalInner {
        /// The size on the left.
        left: usize,
        /// The size on the right.
        right: usize,
    },
    /// The numbers of axes do not go together.
    Rank,
    /// The operand has no such axis, or one is named twice.
    NoAxis {
        /// The axis as it was given.
        axis: isize,
    },
    /// The numbers of elements differ.
    Elements,
    /// There are more elements than can be counted.
    TooMany,
    /// There is no tensor to put together.
    NoOperand,
    /// A range reaches beyond its axis.
    Range {
        /// The axis, from the front.
        axis: usize,
        /// The first index of the range.
        start: usize,
        /// The first index after it.
        end: usize,
    },
    /// An axis does not divide into equal parts.
    Parts {
        /// The axis, from the front.
        axis: usize,
        /// The number of parts.
        parts: usize,
    },
    /// A padding takes more entries than its axis has.
    Padding {
        /// The axis, from the front.
        axis: usize,
        /// The larger padding of the two ends.
        padding: usize,
        /// The largest that there can be.
        most: usize,
    },
    /// A window does not fit its axis.
    NoRoom {
        /// The axis, from the front.
        axis: usize,
        /// The extent of the window, dilation included.
        window: usize,
        /// The padding on each side.
        padding: usize,
    },
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch {
            op,
            left,
            right,
            kind,
        } = &**self;
        match kind {
            ShapeErrorKind::Unequal {
                axis,
                left: l,
                right: r,
            } => write!(
                f,
                "{op}: axis {axis} has {l} on the left and {r} on the right ({left} and {right})"
            ),
            ShapeErrorKind::UnequalInner { left: l, right: r } => write!(
                f,
                "{op}: the inner sizes {l} and {r} differ ({left} and {right})"
            ),
            ShapeErrorKind::Rank => {
                write!(
                    f,
                    "{op}: {left} and {right} have ranks that do not go together"
                )
            }
            ShapeErrorKind::NoAxis { axis } => {
                write!(
                    f,
                    "{op}: axis {axis} does not exist in {left}, or is named twice"
                )
            }
            ShapeErrorKind::Elements => write!(
                f,
                "{op}: {left} has {} elements, {right} has {}",
                left.numel(),
                right.numel()
            ),
            ShapeErrorKind::TooMany => {
                write!(f, "{op}: {left} has more elements than can be counted")
            }
            ShapeErrorKind::NoOperand => {
                write!(f, "{op}: no tensor to take the sizes and the device from")
            }
            ShapeErrorKind::Range { axis, start, end } => write!(
                f,
                "{op}: {start}..{end} reaches beyond axis {axis} of {left}, which has {}",
                left.get(*axis).copied().unwrap_or(0)
            ),
            ShapeErrorKind::Parts { axis, parts } => write!(
                f,
                "{op}: axis {axis} of {left} has {}, which does not divide into {parts} equal parts",
                left.get(*axis).copied().unwrap_or(0)
            ),
            ShapeErrorKind::Padding {
                axis,
                padding,
                most,
            } => write!(
                f,
                "{op}: a padding of {padding} on axis {axis} of {left}; {most} is the most"
            ),
            ShapeErrorKind::NoRoom {
                axis,
                window,
                padding,
            } => write!(
                f,
                "{op}: a window of {window} (padding {padding}) does not fit axis {axis} of \
                 {left}, which has {}",
                left.get(*axis).copied().unwrap_or(0)
            ),
        }
    }
}

impl std::error::Error for ShapeError {}
