//! The perplexity of a language model.

use super::{Total, read};
use crate::backend::{Backend, Meet};
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::error::Error;
use crate::loss::{ClassTargets, CrossEntropy, Sum};
use crate::ops::elementwise as op;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The exponential of the mean cross entropy of scores `[N, C]`, before any softmax, and class numbers
/// `[N]`: among how many equally likely classes the model is as uncertain.
///
/// ```
/// use volta::metric::Perplexity;
/// use volta::prelude::*;
///
/// let scores: Tensor<s![4, 8]> = Tensor::zeros();
/// let targets: Tensor<s![4], i64> = Tensor::from_array([3, 1, -100, 7]);
/// let mut perplexity = Perplexity::new().ignore_index(-100);
/// perplexity.add(&scores, &targets);
/// assert!((perplexity.value() - 8.0).abs() < 1e-5);
/// ```
#[derive(Clone, Debug)]
pub struct Perplexity<E: Float = f32, B: Backend = Cpu> {
    total: Total<E, B>,
    /// How many of those below do not count.
    ignored: Total<i32, B>,
    count: usize,
    ignore_index: Option<i64>,
}

impl<E: Float, B: Backend> Perplexity<E, B> {
    /// Of nothing so far.
    pub fn new() -> Self {
        Perplexity {
            total: Total::new(),
            ignored: Total::new(),
            count: 0,
            ignore_index: None,
        }
    }

    /// A target that does not count. There is none unless set.
    pub fn ignore_index(mut self, index: i64) -> Self {
        self.ignore_index = Some(index);
        self
    }

    /// Adds a batch. Up to 2^31 - 1 ignored targets are counted.
    ///
    /// # Panics
    /// If a target is neither a class nor ignored, or sizes known at run time differ. A device says
    /// of a target only when something is read.
    #[track_caller]
    pub fn add<S, T, B2>(&mut self, scores: &Tensor<S, E, B>, targets: &Tensor<T, i64, B2>)
    where
        S: Shape,
        T: ClassTargets<S>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        let mut loss = CrossEntropy::new();
        if let Some(ignored) = self.ignore_index {
            loss = loss.ignore_index(ignored);
        }
        let sum = loss.loss_as(scores, targets, Sum);
        self.total.add(sum.into_prim());
        self.count += targets.numel();
        if let Some(ignored) = self.ignore_index {
            let ignored = B2::full(&targets.device(), ignored, targets.dims());
            let ignored = B2::test(op::Eq, [targets.prim(), &ignored]);
            self.ignored.count(&B::right(&ignored));
        }
    }

    /// The perplexity; of nothing it is NaN.
    ///
    /// # Panics
    /// If the device fails; see [`try_value`](Self::try_value). The CPU does not.
    #[track_caller]
    pub fn value(&self) -> f64 {
        read("Perplexity", self.try_value())
    }

    /// The perplexity; of nothing it is NaN.
    ///
    /// # Errors
    /// If the device fails, or a target was neither a class nor ignored.
    pub fn try_value(&self) -> Result<f64, Error> {
        let count = self.count as f64 - self.ignored.item()?;
        Ok((self.total.item()? / count).exp())
    }
}

impl<E: Float, B: Backend> Default for Perplexity<E, B> {
    fn default() -> Self {
        Perplexity::new()
    }
}
