//! What becomes of the losses of single examples.

use crate::backend::{Backend, Reduce};
use crate::dtype::Float;
use crate::ops::elementwise as op;
use crate::shape::{HasAxis, Shape};
use crate::tensor::Tensor;

/// What becomes of losses of shape `S`: [`Mean`], [`Sum`], [`Each`] or [`BatchMean`].
///
/// A loss called by its name is the mean, as in PyTorch; its form `_as` takes the reduction.
///
/// ```
/// use volta::loss::{Each, Sum};
/// use volta::prelude::*;
///
/// let x: Tensor<s![3]> = Tensor::from_array([1.0, 2.0, 3.0]);
/// let y: Tensor<s![3]> = Tensor::from_array([1.0, 4.0, 2.0]);
/// assert_eq!(x.l1_loss(&y).item(), 1.0);
/// assert_eq!(x.l1_loss_as(&y, Sum).item(), 3.0);
/// assert_eq!(x.l1_loss_as(&y, Each).to_vec(), [0.0, 2.0, 1.0]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not reduce losses of shape `{S}`",
    label = "this is no reduction of them",
    note = "the reductions are `Mean`, `Sum`, `Each`, and `BatchMean` where there is a first axis"
)]
pub trait Reduction<S: Shape>: Copy {
    /// The shape of the result.
    type Output: Shape;

    /// Reduces losses; `weights` is what each of them counts in a mean, 1 where there are none.
    fn reduce<E: Float, B: Backend>(
        self,
        losses: Tensor<S, E, B>,
        weights: Option<&Tensor<S, E, B>>,
    ) -> Tensor<Self::Output, E, B>;
}

/// The mean: the sum over the number of losses, or over the sum of their weights. Of nothing it is
/// NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mean;

/// The sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum;

/// All of them, not reduced: PyTorch's `reduction="none"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Each;

/// The sum over the size of the first axis: PyTorch's `reduction="batchmean"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchMean;

#[diagnostic::do_not_recommend]
impl<S: Shape> Reduction<S> for Mean {
    type Output = ();

    fn reduce<E: Float, B: Backend>(
        self,
        losses: Tensor<S, E, B>,
        weights: Option<&Tensor<S, E, B>>,
    ) -> Tensor<(), E, B> {
        match weights {
            None => losses.mean(),
            Some(weights) => ratio(losses.prim(), weights.prim()),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape> Reduction<S> for Sum {
    type Output = ();

    fn reduce<E: Float, B: Backend>(
        self,
        losses: Tensor<S, E, B>,
        _: Option<&Tensor<S, E, B>>,
    ) -> Tensor<(), E, B> {
        losses.sum()
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape> Reduction<S> for Each {
    type Output = S;

    fn reduce<E: Float, B: Backend>(
        self,
        losses: Tensor<S, E, B>,
        _: Option<&Tensor<S, E, B>>,
    ) -> Tensor<S, E, B> {
        losses
    }
}

#[diagnostic::do_not_recommend]
impl<S: Shape + HasAxis<0>> Reduction<S> for BatchMean {
    type Output = ();

    fn reduce<E: Float, B: Backend>(
        self,
        losses: Tensor<S, E, B>,
        _: Option<&Tensor<S, E, B>>,
    ) -> Tensor<(), E, B> {
        if E::KIND.size() == 2 {
            return BatchMean.reduce(losses.cast::<f32>(), None).cast();
        }
        let n = losses.dims()[0] as f64;
        losses.sum() / E::from_f64(n)
    }
}

/// The sum of one over the sum of the other; those of a 16-bit type in `f32`, since it can neither
/// hold the sums nor count far.
fn ratio<E: Float, B: Backend>(x: &B::Prim<E>, weights: &B::Prim<E>) -> Tensor<(), E, B> {
    if E::KIND.size() == 2 {
        return ratio::<f32, B>(&B::cast(x), &B::cast(weights)).cast();
    }
    let axes: Vec<usize> = (0..B::dims(x).len()).collect();
    let sum = |x| B::reshape(&B::reduce(Reduce::Sum, x, &axes), &[]);
    Tensor::from_prim((), B::map(op::Div, [&sum(x), &sum(weights)]))
}
