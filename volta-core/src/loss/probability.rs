//! Losses between probabilities.

use super::each::{
    BinaryCrossEntropy, BinaryCrossEntropyWithLogits, GaussianKl, KlDiv, KlDivLogTarget,
    WeightedBinaryCrossEntropy,
};
use super::{Mean, Reduction, Sum, losses_of_pairs, pairs};
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Float};
use crate::shape::{ExpandTo, Shape, runtime};
use crate::tensor::{Tensor, fits};

losses_of_pairs! {
    /// The mean of `-(target ln(x) + (1 - target) ln(1 - x))` of probabilities `x` and targets
    /// between 0 and 1 (`torch.nn.functional.binary_cross_entropy`). Logarithms below -100 count as
    /// -100; outside of `[0, 1]` the loss is NaN.
    /// [`binary_cross_entropy_with_logits`](Self::binary_cross_entropy_with_logits) is exact where a
    /// probability is nearly 0 or 1.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2]> = Tensor::from_array([0.0, 1.0]);
    /// let target: Tensor<s![2]> = Tensor::from_array([1.0, 1.0]);
    /// assert_eq!(x.binary_cross_entropy(&target).item(), 50.0);
    /// ```
    binary_cross_entropy binary_cross_entropy_as(target) BinaryCrossEntropy;

    /// The binary cross entropy of `sigmoid(x)`, exact for every `x`
    /// (`torch.nn.functional.binary_cross_entropy_with_logits`). [`BceWithLogits`] takes weights of
    /// the positive answers.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2]> = Tensor::from_array([100.0, -100.0]);
    /// let target: Tensor<s![2]> = Tensor::from_array([1.0, 1.0]);
    /// assert_eq!(x.binary_cross_entropy_with_logits(&target).item(), 50.0);
    /// ```
    binary_cross_entropy_with_logits binary_cross_entropy_with_logits_as(target)
        BinaryCrossEntropyWithLogits;

    /// The mean of `target (ln(target) - x)` of logarithms of probabilities `x` and probabilities
    /// `target` (`torch.nn.functional.kl_div`); where a target is 0, so is the loss. The divergence
    /// of Kullback and Leibler is the sum over each distribution, not the mean: for a batch
    /// `x.kl_div_as(&target, BatchMean)`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::loss::BatchMean;
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![1, 2]> = Tensor::from_array([[0.5_f32.ln(), 0.5_f32.ln()]]);
    /// let target: Tensor<s![1, 2]> = Tensor::from_array([[1.0, 0.0]]);
    /// assert_eq!(x.kl_div_as(&target, BatchMean).item(), 2_f32.ln());
    /// ```
    kl_div kl_div_as(target) KlDiv;

    /// [`kl_div`](Self::kl_div) where the targets, too, are logarithms of probabilities: the mean of
    /// `exp(target) (target - x)` (`torch.nn.functional.kl_div` with `log_target=True`).
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::loss::Sum;
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![3]> = Tensor::from_array([0.5, 1.5, -1.0]);
    /// let (x, same) = (x.log_softmax::<0>(), x.log_softmax::<0>());
    /// assert_eq!(x.kl_div_log_target_as(&same, Sum).item(), 0.0);
    /// ```
    kl_div_log_target kl_div_log_target_as(target) KlDivLogTarget;
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The divergence of normal distributions, of means `mu` and logarithms of variances `logvar`,
    /// from the standard one: the sum of `-(1 + logvar - mu^2 - exp(logvar)) / 2`, the regularizer
    /// of a variational autoencoder (Kingma and Welling, 2013, appendix B).
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::loss::BatchMean;
    /// use volta::prelude::*;
    ///
    /// let mu: Tensor<s![2, 3]> = Tensor::ones();
    /// let logvar: Tensor<s![2, 3]> = Tensor::zeros();
    /// assert_eq!(mu.gaussian_kl(&logvar).item(), 3.0);
    /// assert_eq!(mu.gaussian_kl_as(&logvar, BatchMean).item(), 1.5);
    /// ```
    #[track_caller]
    pub fn gaussian_kl<B2>(&self, logvar: &Tensor<S, E, B2>) -> Tensor<(), E, B::Out>
    where
        E: Float,
        B: Meet<B2>,
        B2: Backend,
    {
        self.gaussian_kl_as(logvar, Sum)
    }

    /// [`gaussian_kl`](Self::gaussian_kl), reduced as the last argument says.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn gaussian_kl_as<B2, R>(
        &self,
        logvar: &Tensor<S, E, B2>,
        reduction: R,
    ) -> Tensor<R::Output, E, B::Out>
    where
        E: Float,
        B: Meet<B2>,
        B2: Backend,
        R: Reduction<S>,
    {
        reduction.reduce(pairs(GaussianKl, self, logvar), None)
    }
}

/// Weights of the positive answers for logits of shape `S`.
#[diagnostic::on_unimplemented(
    message = "weights of shape `{Self}` do not fit logits of shape `{S}`",
    label = "the weights broadcast to the logits: `[C]` for logits `[N, C]`",
    note = "axes of the weights are equal to the last ones of the logits, or `*`"
)]
pub trait PosWeight<S: Shape>: Shape {}

#[diagnostic::do_not_recommend]
impl<S: Shape, P: ExpandTo<S>> PosWeight<S> for P {}

/// The binary cross entropy of `sigmoid(x)` with a weight of the positive answers, `pos_weight` of
/// `torch.nn.BCEWithLogitsLoss`: the mean of
/// `-(pos_weight target ln(sigmoid(x)) + (1 - target) ln(1 - sigmoid(x)))`.
///
/// ```
/// use volta::loss::{BceWithLogits, Each};
/// use volta::prelude::*;
///
/// let pos_weight: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 4.0]);
/// let loss = BceWithLogits::new(&pos_weight);
/// let (x, target): (Tensor<s![2, 3]>, Tensor<s![2, 3]>) = (Tensor::zeros(), Tensor::ones());
/// assert_eq!(loss.loss(&x, &target).item(), 7.0 / 3.0 * 2_f32.ln());
/// let each: Tensor<s![2, 3]> = loss.loss_as(&x, &target, Each);
/// assert_eq!(each[[1, 1]], 2.0 * 2_f32.ln());
/// ```
#[derive(Clone, Debug)]
pub struct BceWithLogits<P: Shape, E: Float, B: Backend> {
    pos_weight: Tensor<P, E, B>,
}

impl<P: Shape, E: Float, B2: Backend> BceWithLogits<P, E, B2> {
    /// These weights, which broadcast to the logits: above 1 positive answers count for more.
    pub fn new(pos_weight: &Tensor<P, E, B2>) -> Self {
        BceWithLogits {
            pos_weight: pos_weight.clone(),
        }
    }

    /// The mean.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn loss<S, B, B3>(&self, x: &Tensor<S, E, B>, target: &Tensor<S, E, B3>) -> Tensor<(), E, B>
    where
        S: Shape,
        P: PosWeight<S>,
        B: Meet<B2, Out = B> + Meet<B3, Out = B>,
        B3: Backend,
    {
        self.loss_as(x, target, Mean)
    }

    /// The loss, reduced as the last argument says.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn loss_as<S, B, B3, R>(
        &self,
        x: &Tensor<S, E, B>,
        target: &Tensor<S, E, B3>,
        reduction: R,
    ) -> Tensor<R::Output, E, B>
    where
        S: Shape,
        P: PosWeight<S>,
        B: Meet<B2, Out = B> + Meet<B3, Out = B>,
        B3: Backend,
        R: Reduction<S>,
    {
        let name = "binary_cross_entropy_with_logits";
        let (dims, weight) = (x.dims(), &self.pos_weight);
        fits(runtime::equal(name, dims, target.dims()));
        let sides = ((weight.dims(), P::ONES), (dims, S::ONES));
        fits(runtime::broadcast_typed(name, sides.0, sides.1));
        let weight = B::expand(&<B as Meet<B2>>::right(weight.prim()), dims);
        let target = <B as Meet<B3>>::right(target.prim());
        let losses = B::map(WeightedBinaryCrossEntropy, [x.prim(), &target, &weight]);
        reduction.reduce(Tensor::from_prim(x.shape(), losses), None)
    }
}
