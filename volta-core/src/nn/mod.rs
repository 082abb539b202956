//! Modules: what a model is made of.

mod containers;
mod leaf;
mod module;
mod path;

pub use leaf::Param;
pub(crate) use module::duplicate;
pub use module::{Forward, Init, Mapper, Module, Visitor, VisitorMut};
pub use path::Path;
