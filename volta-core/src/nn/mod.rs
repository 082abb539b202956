//! Modules: what a model is made of.

mod containers;
mod initial;
mod leaf;
mod linear;
mod module;
mod path;

pub use leaf::Param;
pub use linear::Linear;

pub use module::{Forward, Init, Mapper, Module, Visitor, VisitorMut};
pub use path::Path;
