//! The core of [volta](https://crates.io/crates/volta): shapes as types, tensors, the tape, the
//! CPU backend, modules, losses and optimisers. Use it through the facade `volta`.

extern crate self as volta;

#[cfg(feature = "data")]
pub mod data;
pub mod shape;
