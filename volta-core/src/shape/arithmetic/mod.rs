//! Sums and products of sizes, worked out by the compiler.
//!
//! A literal size goes to a number of typenum, and a result comes back through the [`table`].
//! Run-time sizes take part in everything and give `Dyn`. No number of typenum may reach a
//! message, so a condition becomes [`Yes`] or [`No`] first, and the bound that requires it is a
//! trait of the sizes themselves.

mod answer;
mod number;
mod product;
mod relation;
mod table;

pub(super) use answer::{Answer, InTable};
pub use answer::{No, Yes};
pub use number::Number;
pub(super) use number::Of;
pub use product::{Count, CountsEqual, Factor, Known, Settle, Unknown};
pub use relation::{AddDim, DivDim, MinDim, MulDim, RemDim, SubDim};
pub(super) use table::ToDim;
