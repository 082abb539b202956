//! Tensors whose shapes are types, with autodiff worked out at compile time.

pub use volta_core::*;
