//! Tensors whose shapes are types, with autodiff worked out at compile time.

pub use volta_core::*;

/// Compiles the code in README.md.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
