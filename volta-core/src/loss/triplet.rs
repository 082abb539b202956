//! The loss of triplets.

use super::each::{DistancePower, DistanceSquare, Root, SquareRoot, TripletMarginLoss};
use super::{Mean, Reduction, not_negative};
use crate::backend::{Backend, Meet, Reduce};
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise as op;
use crate::shape::{HasAxis, Shape, runtime};
use crate::tensor::{Tensor, fits};

type Met<B, B2, B3> = <<B as Meet<B2>>::Out as Meet<B3>>::Out;

/// The mean of `max(0, margin + d(anchor, positive) - d(anchor, negative))` for the distances `d`
/// between vectors along the last axis, as `torch.nn.TripletMarginLoss` computes it (Balntas et al.,
/// 2016).
///
/// ```
/// use volta::loss::TripletMargin;
/// use volta::prelude::*;
///
/// let a: Tensor<s![1, 2]> = Tensor::from_array([[0.0, 0.0]]);
/// let p: Tensor<s![1, 2]> = Tensor::from_array([[3.0, 4.0]]);
/// let n: Tensor<s![1, 2]> = Tensor::from_array([[6.0, 0.0]]);
/// let by_length = TripletMargin::new(2.0).loss(&a, &p, &n).item();
/// let by_steps = TripletMargin::new(2.0).p(1.0).loss(&a, &p, &n).item();
/// assert!((by_length - 1.0).abs() < 1e-5 && (by_steps - 3.0).abs() < 1e-5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TripletMargin {
    margin: f64,
    p: f64,
    eps: f64,
    swap: bool,
}

impl Default for TripletMargin {
    /// A margin of 1.
    fn default() -> Self {
        TripletMargin::new(1.0)
    }
}

impl TripletMargin {
    /// How much nearer the positive example should be than the negative one.
    ///
    /// # Panics
    /// If `margin` is not above 0.
    #[track_caller]
    pub fn new(margin: f64) -> Self {
        assert!(
            margin > 0.0,
            "triplet_margin_loss: a margin of {margin} is not above 0"
        );
        TripletMargin {
            margin,
            p: 2.0,
            eps: 1e-6,
            swap: false,
        }
    }

    /// The norm of the distances, `(sum |x|^p)^(1/p)`; 2 unless set.
    ///
    /// # Panics
    /// If it is not a finite number above 0.
    #[track_caller]
    pub fn p(mut self, p: f64) -> Self {
        assert!(
            p > 0.0 && p.is_finite(),
            "triplet_margin_loss: a norm of {p} is not a finite number above 0"
        );
        self.p = p;
        self
    }

    /// What is added to every difference; 1e-6 unless set.
    ///
    /// # Panics
    /// If it is negative.
    #[track_caller]
    pub fn eps(mut self, eps: f64) -> Self {
        self.eps = not_negative("triplet_margin_loss", "summand", eps);
        self
    }

    /// Whether the distance from the positive example to the negative one counts where it is smaller
    /// than that from the anchor.
    pub fn swap(mut self, swap: bool) -> Self {
        self.swap = swap;
        self
    }

    /// The mean.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn loss<S, E, B, B2, B3>(
        &self,
        anchor: &Tensor<S, E, B>,
        positive: &Tensor<S, E, B2>,
        negative: &Tensor<S, E, B3>,
    ) -> Tensor<(), E, Met<B, B2, B3>>
    where
        S: HasAxis<-1>,
        E: Float,
        B: Meet<B2>,
        B::Out: Meet<B3>,
        B2: Backend,
        B3: Backend,
    {
        self.loss_as(anchor, positive, negative, Mean)
    }

    /// The loss, reduced as the last argument says.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn loss_as<S, E, B, B2, B3, R>(
        &self,
        anchor: &Tensor<S, E, B>,
        positive: &Tensor<S, E, B2>,
        negative: &Tensor<S, E, B3>,
        reduction: R,
    ) -> Tensor<R::Output, E, Met<B, B2, B3>>
    where
        S: HasAxis<-1>,
        E: Float,
        B: Meet<B2>,
        B::Out: Meet<B3>,
        B2: Backend,
        B3: Backend,
        R: Reduction<S::Removed>,
    {
        let name = "triplet_margin_loss";
        fits(runtime::equal(name, anchor.dims(), positive.dims()));
        fits(runtime::equal(name, anchor.dims(), negative.dims()));
        let anchor = <B::Out as Meet<B3>>::left(&B::left(anchor.prim()));
        let positive = <B::Out as Meet<B3>>::left(&B::right(positive.prim()));
        let negative = <B::Out as Meet<B3>>::right(negative.prim());
        let losses = self.each::<E, Met<B, B2, B3>>(&anchor, &positive, &negative);
        reduction.reduce(Tensor::typed(losses), None)
    }

    fn each<E: Float, B: Backend>(
        &self,
        anchor: &B::Prim<E>,
        positive: &B::Prim<E>,
        negative: &B::Prim<E>,
    ) -> B::Prim<E> {
        let near = self.distance::<E, B>(anchor, positive);
        let mut far = self.distance::<E, B>(anchor, negative);
        if self.swap {
            let swapped = self.distance::<E, B>(positive, negative);
            far = B::map(op::Minimum, [&far, &swapped]);
        }
        let margin = self.margin;
        B::map(TripletMarginLoss { margin }, [&near, &far])
    }

    /// The distances along the last axis, which goes.
    fn distance<E: Float, B: Backend>(&self, x: &B::Prim<E>, y: &B::Prim<E>) -> B::Prim<E> {
        let (p, eps) = (self.p, self.eps);
        let is_square = p == 2.0;
        let powers = match is_square {
            true => B::map(DistanceSquare { eps }, [x, y]),
            false => B::map(DistancePower { p, eps }, [x, y]),
        };
        let last = B::dims(x).len() - 1;
        let sums = B::reduce(Reduce::Sum, &powers, &[last]);
        let sums = B::reshape(&sums, &B::dims(x)[..last]);
        match is_square {
            true => B::map(SquareRoot, [&sums]),
            false => B::map(Root { p }, [&sums]),
        }
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// [`TripletMargin::loss`] of anchors, of examples that should be near them, and of others that
    /// should be further away by `margin` (`torch.nn.functional.triplet_margin_loss`, whose `margin`
    /// is 1 unless given).
    ///
    /// # Panics
    /// If `margin` is not above 0, or sizes known at run time differ.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let anchor: Tensor<s![4, 8]> = Tensor::zeros();
    /// let negative: Tensor<s![4, 8]> = Tensor::ones();
    /// let loss = anchor.triplet_margin_loss(&anchor, &negative, 1.0);
    /// assert_eq!(loss.item(), 0.0);
    /// ```
    #[track_caller]
    pub fn triplet_margin_loss<B2, B3>(
        &self,
        positive: &Tensor<S, E, B2>,
        negative: &Tensor<S, E, B3>,
        margin: f64,
    ) -> Tensor<(), E, Met<B, B2, B3>>
    where
        E: Float,
        S: HasAxis<-1>,
        B: Meet<B2>,
        B::Out: Meet<B3>,
        B2: Backend,
        B3: Backend,
    {
        TripletMargin::new(margin).loss(self, positive, negative)
    }

    /// [`triplet_margin_loss`](Self::triplet_margin_loss), reduced as the last argument says.
    ///
    /// # Panics
    /// If `margin` is not above 0, or sizes known at run time differ.
    #[track_caller]
    pub fn triplet_margin_loss_as<B2, B3, R>(
        &self,
        positive: &Tensor<S, E, B2>,
        negative: &Tensor<S, E, B3>,
        margin: f64,
        reduction: R,
    ) -> Tensor<R::Output, E, Met<B, B2, B3>>
    where
        E: Float,
        S: HasAxis<-1>,
        B: Meet<B2>,
        B::Out: Meet<B3>,
        B2: Backend,
        B3: Backend,
        R: Reduction<S::Removed>,
    {
        TripletMargin::new(margin).loss_as(self, positive, negative, reduction)
    }
}
