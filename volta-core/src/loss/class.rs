//! Targets and weights that are classes.

use super::Reduction;
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise as op;
use crate::shape::{Dim, Extent, Shape, runtime};
use crate::tensor::{Tensor, fits};

/// The shape of targets, `[N]`, for scores of shape `S`, `[N, C]`, of `C` classes.
///
/// `Self` is the argument: until it is known, the compiler reports nothing.
#[diagnostic::on_unimplemented(
    message = "scores of shape `{S}` do not meet targets of shape `{Self}`",
    label = "scores are `[N, C]` and targets are `[N]`: one class for each example",
    note = "`.flatten::<0, -2>()` makes a table of scores, `.argmax_axis::<-1>()` class numbers of one-hot rows"
)]
pub trait ClassTargets<S: Shape>: Shape {}

impl<S: Shape, T: TargetAxes<S>> ClassTargets<S> for T {}

/// [`ClassTargets`] by rank. It is a trait of its own so that the compiler does not list its
/// implementation to the user.
pub trait TargetAxes<S: Shape>: Shape {}

impl<N: Extent, C: Dim, M: TargetsOf<N>> TargetAxes<(N, C)> for (M,) {}

/// As many targets as there are examples.
#[diagnostic::on_unimplemented(
    message = "there are `{N}` examples and `{Self}` targets",
    label = "scores are `[N, C]` and targets are `[N]`: one class for each example",
    note = "`N` is the first axis of the scores"
)]
pub trait TargetsOf<N: Extent>: Extent {}

#[diagnostic::do_not_recommend]
impl<N: Extent> TargetsOf<N> for N {}

/// What the classes of scores of shape `S`, `[N, C]`, count: `()` where all count alike, or a tensor
/// `[C]`.
#[diagnostic::on_unimplemented(
    message = "class weights `{Self}` do not fit scores of shape `{S}` on `{B}`",
    label = "scores are `[N, C]` and the weights of their classes `[C]`"
)]
pub trait ClassWeights<S: Shape, E: Dtype, B: Backend> {
    /// Their weights, where there are any.
    #[doc(hidden)]
    fn prim(&self) -> Option<B::Prim<E>>;
}

#[diagnostic::do_not_recommend]
impl<S: Shape, E: Dtype, B: Backend> ClassWeights<S, E, B> for () {
    fn prim(&self) -> Option<B::Prim<E>> {
        None
    }
}

#[diagnostic::do_not_recommend]
impl<N, C, E, B, B2> ClassWeights<(N, C), E, B> for Tensor<(C,), E, B2>
where
    N: Extent,
    C: Extent,
    E: Dtype,
    B: Meet<B2, Out = B>,
    B2: Backend,
{
    fn prim(&self) -> Option<B::Prim<E>> {
        Some(B::right(Tensor::prim(self)))
    }
}

/// The options that losses of class numbers share.
#[derive(Clone, Debug)]
pub(super) struct ClassOptions<W> {
    pub(super) weight: W,
    pub(super) ignore_index: Option<i64>,
}

/// Targets as a loss reads them.
pub(super) struct Classes<E: Dtype, B: Backend> {
    /// Class numbers, `[N, 1]`: 0 where the target is ignored.
    index: B::Prim<i64>,
    /// Which targets count, `[N]`, where some may not.
    valid: Option<B::Prim<bool>>,
    /// The weights of all classes, `[C]`, where there are any.
    pub(super) weights: Option<B::Prim<E>>,
}

impl<W> ClassOptions<W> {
    /// Targets for scores of sizes `dims`, each checked to be a class or ignored.
    #[track_caller]
    pub(super) fn classes<S, E, B, B2>(
        &self,
        name: &'static str,
        dims: &[usize],
        targets: &B2::Prim<i64>,
    ) -> Classes<E, B>
    where
        S: Shape,
        E: Float,
        W: ClassWeights<S, E, B>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        fits(runtime::equal(name, &dims[..1], B2::dims(targets)));
        let full = |value| B2::full(&B2::device(targets), value, &dims[..1]);
        let valid = (self.ignore_index).map(|ignored| B2::test(op::Ne, [targets, &full(ignored)]));
        let classes = match &valid {
            Some(valid) => B2::select(valid, targets, &full(0)),
            None => targets.clone(),
        };
        B2::check_index(name, &classes, dims[1]);
        let weights = self.weight.prim();
        if let Some(weights) = &weights {
            fits(runtime::equal(name, &dims[1..], B::dims(weights)));
        }
        Classes {
            index: B::reshape(&B::right(&classes), &[dims[0], 1]),
            valid: valid.map(|valid| B::right(&valid)),
            weights,
        }
    }
}

impl<E: Float, B: Backend> Classes<E, B> {
    /// The element of each row of `x: [N, C]` at the target: `[N]`.
    pub(super) fn pick(&self, x: &B::Prim<E>) -> B::Prim<E> {
        let picked = B::gather(x, 1, &self.index);
        B::reshape(&picked, &B::dims(&picked)[..1])
    }

    /// The weight of each target: `[N]`.
    pub(super) fn target_weights(&self) -> Option<B::Prim<E>> {
        let weights = self.weights.as_ref()?;
        let [n, _] = *B::dims(&self.index) else {
            unreachable!("`[N, 1]`")
        };
        Some(B::gather(weights, 0, &B::reshape(&self.index, &[n])))
    }

    /// Reduces likelihoods, which are losses below 0, of all targets; a mean is over the weights of
    /// those that count.
    pub(super) fn reduce<T, R>(
        &self,
        likelihoods: B::Prim<E>,
        weights: Option<B::Prim<E>>,
        reduction: R,
    ) -> Tensor<R::Output, E, B>
    where
        T: Shape,
        R: Reduction<T>,
    {
        let full = |value| B::full(&B::device(&likelihoods), value, B::dims(&likelihoods));
        let masked = |x: &B::Prim<E>| match &self.valid {
            Some(valid) => B::select(valid, x, &full(E::ZERO)),
            None => x.clone(),
        };
        let weights = match (&weights, &self.valid) {
            (None, None) => None,
            (None, Some(_)) => Some(masked(&full(E::ONE))),
            (Some(weights), _) => Some(masked(weights)),
        };
        let weights: Option<Tensor<T, E, B>> = weights.map(Tensor::typed);
        -reduction.reduce(Tensor::typed(masked(&likelihoods)), weights.as_ref())
    }
}
