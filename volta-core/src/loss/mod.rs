//! Losses: methods of tensors that give a scalar, the mean over everything.

mod class;
mod regression;

#[doc(hidden)]
pub use class::TargetAxes;
pub use class::{ClassTargets, TargetsOf};
