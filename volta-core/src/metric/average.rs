//! Running averages.

use super::{Total, read};
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::error::Error;
use crate::tensor::Tensor;

/// The average of numbers that come one after the other, each with its weight: of the losses of
/// batches, say, by their sizes.
///
/// ```
/// use volta::metric::Average;
/// use volta::prelude::*;
///
/// let mut average = Average::new();
/// average.add(&tensor!(1.0), 32);
/// average.add(&tensor!(4.0), 16);
/// assert_eq!(average.value(), 2.0);
/// ```
#[derive(Clone, Debug)]
pub struct Average<E: Float = f32, B: Backend = Cpu> {
    total: Total<E, B>,
    count: usize,
}

impl<E: Float, B: Backend> Average<E, B> {
    /// Of nothing so far.
    pub fn new() -> Self {
        Average {
            total: Total::new(),
            count: 0,
        }
    }

    /// Adds a number that counts as `count`: a mean over so many examples.
    pub fn add(&mut self, x: &Tensor<(), E, B>, count: usize) {
        if count > 0 {
            self.total.add((x * E::from_f64(count as f64)).into_prim());
            self.count += count;
        }
    }

    /// How many were counted.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The average; of nothing it is NaN.
    ///
    /// # Panics
    /// If the device fails; see [`try_value`](Self::try_value). The CPU does not.
    #[track_caller]
    pub fn value(&self) -> f64 {
        read("Average", self.try_value())
    }

    /// The average; of nothing it is NaN.
    ///
    /// # Errors
    /// If the device fails.
    pub fn try_value(&self) -> Result<f64, Error> {
        Ok(self.total.item()? / self.count as f64)
    }
}

impl<E: Float, B: Backend> Default for Average<E, B> {
    fn default() -> Self {
        Average::new()
    }
}
