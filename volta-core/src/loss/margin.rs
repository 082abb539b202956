//! Losses with a margin, of targets that are 1 or -1.

use super::each::{CosineEmbeddingLoss, HingeEmbeddingLoss, HingeLoss};
use super::{Mean, Reduction, losses_of_pairs, pairs};
use crate::backend::{Backend, Meet, Reduce};
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise as op;
use crate::shape::{HasAxis, Shape, runtime};
use crate::tensor::{Tensor, fits};

losses_of_pairs! {
    /// The mean of `max(0, 1 - x target)` of scores `x` and targets 1 or -1, the loss of a support
    /// vector machine. The gradient at the kink is 0.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2]> = Tensor::from_array([0.5, 3.0]);
    /// let target: Tensor<s![2]> = Tensor::from_array([-1.0, 1.0]);
    /// assert_eq!(x.hinge_loss(&target).item(), 0.75);
    /// ```
    hinge_loss hinge_loss_as(target) HingeLoss;

    /// The mean of `x` where the target is 1, and of `max(0, margin - x)` where it is -1, of
    /// distances `x` (`torch.nn.functional.hinge_embedding_loss`, whose `margin` is 1 unless
    /// given).
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![3]> = Tensor::from_array([0.5, 0.25, 3.0]);
    /// let target: Tensor<s![3]> = Tensor::from_array([1.0, -1.0, -1.0]);
    /// assert_eq!(x.hinge_embedding_loss(&target, 1.0).item(), 1.25 / 3.0);
    /// ```
    hinge_embedding_loss hinge_embedding_loss_as(target, margin) HingeEmbeddingLoss { margin };
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// The mean of `1 - c` where the target is 1, and of `max(0, c - margin)` where it is -1: `c` is
    /// the cosine between vectors along the last axis of two tensors of one shape, and the targets
    /// have that shape without the axis (`torch.nn.functional.cosine_embedding_loss`, whose
    /// `margin` is 0 unless given). The squared lengths grow by 1e-12, so that a vector of zeros has
    /// a cosine of 0.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let x: Tensor<s![2, 2]> = Tensor::from_array([[3.0, 0.0], [0.0, 2.0]]);
    /// let y: Tensor<s![2, 2]> = Tensor::from_array([[0.0, 1.0], [0.0, 5.0]]);
    /// let target: Tensor<s![2]> = Tensor::from_array([1.0, -1.0]);
    /// assert_eq!(x.cosine_embedding_loss(&y, &target, 0.5).item(), 0.75);
    /// ```
    #[track_caller]
    pub fn cosine_embedding_loss<B2, B3>(
        &self,
        other: &Tensor<S, E, B2>,
        target: &Tensor<S::Removed, E, B3>,
        margin: f64,
    ) -> Tensor<(), E, B::Out>
    where
        E: Float,
        S: HasAxis<-1>,
        B: Meet<B2>,
        B::Out: Meet<B3, Out = B::Out>,
        B2: Backend,
        B3: Backend,
    {
        self.cosine_embedding_loss_as(other, target, margin, Mean)
    }

    /// [`cosine_embedding_loss`](Self::cosine_embedding_loss), reduced as the last argument says.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn cosine_embedding_loss_as<B2, B3, R>(
        &self,
        other: &Tensor<S, E, B2>,
        target: &Tensor<S::Removed, E, B3>,
        margin: f64,
        reduction: R,
    ) -> Tensor<R::Output, E, B::Out>
    where
        E: Float,
        S: HasAxis<-1>,
        B: Meet<B2>,
        B::Out: Meet<B3, Out = B::Out>,
        B2: Backend,
        B3: Backend,
        R: Reduction<S::Removed>,
    {
        let name = "cosine_embedding_loss";
        fits(runtime::equal(name, self.dims(), other.dims()));
        fits(runtime::equal(
            name,
            &self.dims()[..S::INDEX],
            target.dims(),
        ));
        let (x, y) = (B::left(self.prim()), B::right(other.prim()));
        let target = <B::Out as Meet<B3>>::right(target.prim());
        let dot = |a, b| {
            let products = <B::Out as Backend>::map(op::Mul, [a, b]);
            let sums = <B::Out as Backend>::reduce(Reduce::Sum, &products, &[S::INDEX]);
            <B::Out as Backend>::reshape(&sums, <B::Out as Backend>::dims(&target))
        };
        let losses = <B::Out as Backend>::map(
            CosineEmbeddingLoss { margin },
            [&dot(&x, &y), &dot(&x, &x), &dot(&y, &y), &target],
        );
        reduction.reduce(Tensor::typed(losses), None)
    }
}
