//! The negative log likelihood.

use super::class::ClassOptions;
use super::{ClassTargets, ClassWeights, Mean, Reduction};
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise as op;
use crate::shape::{Extent, Shape};
use crate::tensor::Tensor;

/// The negative log likelihood with weights of classes and an ignored target
/// (`torch.nn.NLLLoss`): of logarithms of probabilities `x: [N, C]` and class numbers
/// `targets: [N]`, `-weight[target] x[target]`. The mean is over the weights of the targets.
///
/// ```
/// use volta::loss::NllLoss;
/// use volta::prelude::*;
///
/// let x: Tensor<s![3, 2]> = Tensor::from_array([[-1.0, -2.0], [-3.0, -4.0], [-5.0, -6.0]]);
/// let targets: Tensor<s![3], i64> = Tensor::from_array([1, 0, -1]);
/// let weight: Tensor<s![2]> = Tensor::from_array([1.0, 3.0]);
/// let loss = NllLoss::new().weight(&weight).ignore_index(-1);
/// assert_eq!(loss.loss(&x, &targets).item(), (3.0 * 2.0 + 3.0) / (3.0 + 1.0));
/// ```
#[derive(Clone, Debug)]
pub struct NllLoss<W = ()> {
    options: ClassOptions<W>,
}

impl NllLoss {
    /// Every class counts alike, and every target counts.
    pub fn new() -> Self {
        let options = ClassOptions {
            weight: (),
            ignore_index: None,
        };
        NllLoss { options }
    }
}

impl Default for NllLoss {
    fn default() -> Self {
        NllLoss::new()
    }
}

impl<W> NllLoss<W> {
    /// What each class counts.
    pub fn weight<C, E, B>(self, weight: &Tensor<(C,), E, B>) -> NllLoss<Tensor<(C,), E, B>>
    where
        C: Extent,
        E: Float,
        B: Backend,
    {
        let options = ClassOptions {
            weight: weight.clone(),
            ignore_index: self.options.ignore_index,
        };
        NllLoss { options }
    }

    /// A target that does not count: its loss and its gradient are 0. There is none unless set;
    /// PyTorch's is -100.
    pub fn ignore_index(mut self, index: i64) -> Self {
        self.options.ignore_index = Some(index);
        self
    }

    /// The mean over the weights of the targets that count; NaN where none does.
    ///
    /// # Panics
    /// If a target is neither a class nor ignored, or sizes known at run time differ. A device says
    /// of a target only when something is read.
    #[track_caller]
    pub fn loss<S, T, E, B, B2>(
        &self,
        x: &Tensor<S, E, B>,
        targets: &Tensor<T, i64, B2>,
    ) -> Tensor<(), E, B>
    where
        S: Shape,
        T: ClassTargets<S>,
        E: Float,
        W: ClassWeights<S, E, B>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        self.loss_as(x, targets, Mean)
    }

    /// The loss, reduced as the last argument says.
    ///
    /// # Panics
    /// If a target is neither a class nor ignored, or sizes known at run time differ. A device says
    /// of a target only when something is read.
    #[track_caller]
    pub fn loss_as<S, T, E, B, B2, R>(
        &self,
        x: &Tensor<S, E, B>,
        targets: &Tensor<T, i64, B2>,
        reduction: R,
    ) -> Tensor<R::Output, E, B>
    where
        S: Shape,
        T: ClassTargets<S>,
        E: Float,
        W: ClassWeights<S, E, B>,
        B: Meet<B2, Out = B>,
        B2: Backend,
        R: Reduction<T>,
    {
        let classes = (self.options).classes::<S, E, B, B2>("nll_loss", x.dims(), targets.prim());
        let mut picked = classes.pick(x.prim());
        let weights = classes.target_weights();
        if let Some(weights) = &weights {
            picked = B::map(op::Mul, [&picked, weights]);
        }
        classes.reduce(picked, weights, reduction)
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The negative log likelihood of logarithms of probabilities `[N, C]` and targets `[N]`, each
    /// the number of a class: the mean of `-x[target]` (`torch.nn.functional.nll_loss`).
    /// [`NllLoss`] has more to choose.
    ///
    /// # Panics
    /// If a target is no class, or sizes known at run time differ. A device says of a target only
    /// when something is read.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2, 3]> = Tensor::from_array([[-1.0, -2.0, -3.0], [-4.0, -5.0, -6.0]]);
    /// let targets: Tensor<s![2], i64> = Tensor::from_array([2, 0]);
    /// assert_eq!(x.nll_loss(&targets).item(), 3.5);
    /// ```
    #[track_caller]
    pub fn nll_loss<T, B2>(&self, targets: &Tensor<T, i64, B2>) -> Tensor<(), E, B>
    where
        E: Float,
        T: ClassTargets<S>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        NllLoss::new().loss(self, targets)
    }

    /// [`nll_loss`](Self::nll_loss), reduced as the last argument says.
    ///
    /// # Panics
    /// As [`nll_loss`](Self::nll_loss) does.
    #[track_caller]
    pub fn nll_loss_as<T, B2, R>(
        &self,
        targets: &Tensor<T, i64, B2>,
        reduction: R,
    ) -> Tensor<R::Output, E, B>
    where
        E: Float,
        T: ClassTargets<S>,
        B: Meet<B2, Out = B>,
        B2: Backend,
        R: Reduction<T>,
    {
        NllLoss::new().loss_as(self, targets, reduction)
    }
}
