//! Operations: the table of elementwise functions, and what they are written in.

pub(crate) mod accurate;
#[doc(hidden)]
pub mod codegen;
pub mod elementwise;
pub mod function;
#[doc(hidden)]
pub mod registry;
pub mod scalar;
pub mod wgsl;
