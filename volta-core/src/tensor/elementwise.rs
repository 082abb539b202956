//! What the methods of the elementwise table are made of.

use super::{Tensor, fits};
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Float, Num};
use crate::ops::elementwise as op;
use crate::ops::function::Elementwise;
use crate::shape::{Broadcast, Shape, runtime};

impl<S: Shape, E: Num, B: Backend> Tensor<S, E, B> {
    /// An op of one input.
    #[inline]
    pub fn map<Op: Elementwise<E, 1>>(&self, op: Op) -> Self {
        Tensor {
            shape: self.shape,
            prim: B::map(op, [&self.prim]),
        }
    }

    /// An op of two inputs, broadcast together.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[inline]
    #[track_caller]
    pub fn zip<Op, R, B2>(&self, op: Op, other: &Tensor<R, E, B2>) -> Tensor<S::Out, E, B::Out>
    where
        Op: Elementwise<E, 2>,
        S: Broadcast<R>,
        R: Shape,
        B: Meet<B2>,
        B2: Backend,
    {
        self.zip_prim::<Op, R, B2>(op, &other.prim)
    }

    /// [`zip`](Self::zip) with the primitive of a tensor of shape `R`.
    #[inline]
    #[track_caller]
    pub(super) fn zip_prim<Op, R, B2>(
        &self,
        op: Op,
        other: &B2::Prim<E>,
    ) -> Tensor<S::Out, E, B::Out>
    where
        Op: Elementwise<E, 2>,
        S: Broadcast<R>,
        R: Shape,
        B: Meet<B2>,
        B2: Backend,
    {
        type Out<B, B2> = <B as Meet<B2>>::Out;
        let (a, b) = (self.dims(), B2::dims(other));
        if a == b && S::ONES == R::ONES {
            return Tensor::typed(B::both(&self.prim, other, |left, right| {
                Out::<B, B2>::map(op, [left, right])
            }));
        }
        let dims = fits(runtime::broadcast_typed(
            Op::NAME,
            (a, S::ONES),
            (b, R::ONES),
        ));
        Tensor::typed(B::both(&self.prim, other, |left, right| {
            let left = Out::<B, B2>::expand(left, &dims);
            let right = Out::<B, B2>::expand(right, &dims);
            Out::<B, B2>::map(op, [&left, &right])
        }))
    }

    /// A scalar with the sizes of this tensor: one element in memory.
    #[inline]
    pub(crate) fn scalar(&self, value: E) -> B::Prim<E> {
        B::full(&B::device(&self.prim), value, B::dims(&self.prim))
    }

    /// Every element held between `low` and `high`.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![3]> = Tensor::from_array([-2.0, 0.5, 2.0]);
    /// assert_eq!(x.clamp(-1.0, 1.0).to_vec(), [-1.0, 0.5, 1.0]);
    /// ```
    pub fn clamp(&self, low: E, high: E) -> Self {
        let prim = B::map(
            op::Clamp,
            [&self.prim, &self.scalar(low), &self.scalar(high)],
        );
        Tensor {
            shape: self.shape,
            prim,
        }
    }
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// Every element raised to a power.
    pub fn powf(&self, exponent: E) -> Self
    where
        E: Float,
    {
        let prim = B::map(op::Pow, [&self.prim, &self.scalar(exponent)]);
        Tensor {
            shape: self.shape,
            prim,
        }
    }
}
