//! Data sets, loaders of batches, and readers of files.
//!
//! A [`Dataset`] has items by number: [the rows of tensors](TensorDataset), [the elements of a
//! `Vec`](Items), [the MNIST digits](Mnist), or one of yours. A [`DataLoader`] makes typed batches
//! of them, in the order that a [`Sampler`] says.
//!
//! [CSV](Csv), [IDX](Idx) and [npy files](npy) are read. No reader trusts what a file says of its
//! own size: memory grows with what is read, and whatever does not fit is an
//! [`Error`](crate::Error) that names the file and the trouble.

mod collate;
mod csv;
mod dataset;
mod error;
mod idx;
#[cfg(feature = "images")]
mod image;
mod loader;
mod mnist;
pub mod npy;
#[cfg(feature = "npz")]
pub mod npz;
mod prefetch;
mod rows;
mod sampler;

pub use collate::Collate;
pub use csv::{Csv, CsvColumn, CsvOptions};
pub use dataset::{Concat, Dataset, Items, Map, Subset};
#[cfg(feature = "npz")]
pub use error::NpzTrouble;
pub use error::{CsvTrouble, DataError, IdxTrouble, NpyTrouble};
pub use idx::{Idx, IdxElement, IdxType, MAX_RANK};
#[cfg(feature = "images")]
pub use image::ImageFolder;
pub use loader::{DataLoader, Epoch, Position};
pub use mnist::{Mnist, Split};
pub use rows::{Rows, TensorDataset};
pub use sampler::{BatchSampler, IndexBatches, Random, Sampler, Sequential, Weighted};
