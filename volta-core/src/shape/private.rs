//! What the expansions of the shape macros name.

pub use std::clone::Clone;
pub use std::cmp::{Eq, PartialEq};
pub use std::fmt::Debug;
pub use std::hash::Hash;
pub use std::marker::Copy;
pub use std::option::Option;
pub use std::primitive::{str, usize};
pub use std::{concat, module_path, stringify};

pub use super::convert::NamedDim;
pub use volta_macros::{axis_list, shape};
