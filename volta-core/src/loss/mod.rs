//! Losses: methods of tensors that give a scalar, the mean over everything.

mod class;
mod regression;

pub use class::{ClassScores, TargetsOf};
