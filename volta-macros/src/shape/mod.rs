//! Shapes: the lists of `s![..]` and `axes![..]`, and the table of sizes.

pub(crate) mod list;
pub(crate) mod table;
