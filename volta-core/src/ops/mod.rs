//! Operations: the table of elementwise functions, and what they are written in.

pub(crate) mod accurate;
pub mod elementwise;
pub mod function;
pub mod scalar;
pub mod wgsl;
