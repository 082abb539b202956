//! Readers of data sets: [IDX files](Idx) and the [MNIST digits](Mnist) in them.
//!
//! No reader trusts what a file says of its own size: memory grows with what is read, and
//! whatever does not fit is an [`Error`](crate::Error) that names the file and the trouble.

mod error;
mod idx;
mod mnist;

pub use error::{DataError, IdxTrouble};
pub use idx::{Idx, IdxElement, IdxType, MAX_RANK};
pub use mnist::{Mnist, Split};
