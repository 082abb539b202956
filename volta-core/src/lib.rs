//! The core of [volta](https://crates.io/crates/volta): shapes as types, tensors, the tape, the
//! CPU backend, modules, losses and optimisers. Use it through the facade `volta`.

extern crate self as volta;

pub mod backend;
pub mod cpu;
pub mod dtype;
pub mod error;
pub mod layout;
pub mod ops;
pub mod shape;

/// What the expansions of macros name. Not public: it may change at any time.
#[doc(hidden)]
pub mod __private {
    pub use crate::shape::private::*;
}
