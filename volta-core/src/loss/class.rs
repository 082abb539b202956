//! Losses of classification.

use crate::backend::{Backend, Meet, Reduce};
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

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The cross entropy of scores `[N, C]`, before any softmax, and targets `[N]`, each the
    /// number of a class: the mean of `-log_softmax(scores)[target]`
    /// (`torch.nn.functional.cross_entropy`).
    ///
    /// # Panics
    /// If a target is no class, or sizes known at run time differ. A device says of a target only
    /// when something is read.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let scores: Tensor<s![2, 4]> = Tensor::zeros();
    /// let targets: Tensor<s![2], i64> = Tensor::from_array([3, 0]);
    /// assert!((scores.cross_entropy(&targets).item() - 4_f32.ln()).abs() < 1e-6);
    /// ```
    #[track_caller]
    pub fn cross_entropy<T, B2>(&self, targets: &Tensor<T, i64, B2>) -> Tensor<(), E, B>
    where
        E: Float,
        T: ClassTargets<S>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        let targets = classes::<B, B2>("cross_entropy", self.dims(), targets.prim());
        let log = B::log_softmax(self.prim(), 1);
        Tensor::from_prim((), pick_mean::<E, B>(&log, &targets))
    }

    /// The negative log likelihood of logarithms of probabilities `[N, C]` and targets `[N]`, each
    /// the number of a class: the mean of `-x[target]` (`torch.nn.functional.nll_loss`).
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
        let targets = classes::<B, B2>("nll_loss", self.dims(), targets.prim());
        Tensor::from_prim((), pick_mean::<E, B>(self.prim(), &targets))
    }
}

/// The targets as an index into scores of sizes `dims`, `[N, 1]`, each checked to be a class.
#[track_caller]
fn classes<B, B2>(name: &'static str, dims: &[usize], targets: &B2::Prim<i64>) -> B::Prim<i64>
where
    B: Backend + Meet<B2, Out = B>,
    B2: Backend,
{
    fits(runtime::equal(name, &dims[..1], B2::dims(targets)));
    B2::check_index(name, targets, dims[1]);
    B::reshape(&B::right(targets), &[dims[0], 1])
}

fn pick_mean<E: Float, B: Backend>(x: &B::Prim<E>, classes: &B::Prim<i64>) -> B::Prim<E> {
    let picked = B::gather(x, 1, classes);
    let sum = B::reshape(&B::reduce(Reduce::Sum, &picked, &[0, 1]), &[]);
    let n = B::dims(&picked)[0] as f64;
    let n = B::full(&B::device(x), E::from_f64(-n), &[]);
    B::map(op::Div, [&sum, &n])
}
