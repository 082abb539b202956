//! Metrics: what is counted over many batches, and read at the end.
//!
//! A metric lives where its batches do. Adding a batch waits for nothing: the counts stay on the
//! device until they are read. Inside of a gradient they take what is detached.

mod accuracy;
mod average;
mod confusion;
mod perplexity;

pub use accuracy::{Accuracy, TopK};
pub use average::Average;
pub use confusion::{Confusion, ConfusionMatrix};
pub use perplexity::Perplexity;

use crate::backend::{Backend, Reduce};
use crate::dtype::Num;
use crate::error::Error;
use crate::ops::elementwise as op;

/// A sum that grows on its device.
#[derive(Clone, Debug)]
struct Total<E: Num, B: Backend>(Option<B::Prim<E>>);

impl<E: Num, B: Backend> Total<E, B> {
    fn new() -> Self {
        Total(None)
    }

    /// Adds elements at their places; the sizes stay the same.
    fn add(&mut self, x: B::Prim<E>) {
        self.0 = Some(match &self.0 {
            None => x,
            Some(total) => B::map(op::Add, [total, &x]),
        });
    }

    /// Adds how many hold.
    fn count(&mut self, hits: &B::Prim<bool>) {
        let axes: Vec<usize> = (0..B::dims(hits).len()).collect();
        let sum = B::reduce(Reduce::Sum, &B::cast::<bool, E>(hits), &axes);
        self.add(B::reshape(&sum, &[]));
    }

    /// The elements in `f64`; none if nothing was added.
    fn read(&self) -> Result<Vec<f64>, Error> {
        let Some(total) = &self.0 else {
            return Ok(Vec::new());
        };
        Ok(B::read(total)?.into_iter().map(E::to_f64).collect())
    }

    /// The only element, 0 if nothing was added.
    fn item(&self) -> Result<f64, Error> {
        Ok(self.read()?.first().copied().unwrap_or(0.0))
    }
}

/// A value that was read, or the end of the program.
#[track_caller]
fn read<T>(metric: &str, value: Result<T, Error>) -> T {
    match value {
        Ok(value) => value,
        Err(error) => panic!("{metric}: {error}"),
    }
}
