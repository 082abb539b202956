//! What takes the place of a tensor, beside the functions of the table: PyTorch's names that end in
//! an underscore.

use super::{Tensor, fuse};
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Float, Num};
use crate::ops::elementwise as op;
use crate::ops::function::Elementwise;
use crate::shape::{ExpandTo, Shape};

macro_rules! operators {
    ($($method:ident $Op:ident $text:literal $operator:literal)*) => {
        impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> { $(
            #[doc = concat!($text, ", broadcast to the shape of this tensor.")]
            ///
            /// The result takes the place of this tensor, as that of the operator
            #[doc = concat!("`", $operator, "`. Its storage is copied first if others see it.")]
            ///
            /// # Panics
            /// If sizes known at run time differ.
            #[inline]
            #[track_caller]
            pub fn $method<R, B2>(&mut self, other: &Tensor<R, E, B2>) -> &mut Self
            where
                E: Num,
                R: Shape + ExpandTo<S>,
                B: Meet<B2, Out = B>,
                B2: Backend,
            {
                let name = <op::$Op as Elementwise<E, 2>>::NAME;
                let [] = fuse::and(other, fuse::in_place(name, [&mut *self])).map(op::$Op);
                self
            }
        )* }
    };
}

operators! {
    add_ Add "`self + other`" "+="
    sub_ Sub "`self - other`" "-="
    mul_ Mul "`self * other`" "*="
    div_ Div "`self / other`" "/="
    remainder_ Remainder "`self % other`" "%="
}

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// An op of one input, whose result takes its place. The storage is copied first if others see
    /// it.
    #[inline]
    pub fn map_<Op: Elementwise<E, 1>>(&mut self, op: Op) -> &mut Self
    where
        E: Num,
    {
        B::map_in_place(op, &mut [&mut self.prim], &[]);
        self
    }

    /// `-x`, in the place of this tensor.
    pub fn neg_(&mut self) -> &mut Self
    where
        E: Num,
    {
        self.map_(op::Neg)
    }

    /// [`clamp`](Self::clamp), in the place of this tensor.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let mut x: Tensor<s![3]> = Tensor::from_array([-2.0, 0.5, 2.0]);
    /// x.clamp_(-1.0, 1.0).abs_();
    /// assert_eq!(x.to_vec(), [1.0, 0.5, 1.0]);
    /// ```
    pub fn clamp_(&mut self, low: E, high: E) -> &mut Self
    where
        E: Num,
    {
        let (low, high) = (self.scalar(low), self.scalar(high));
        B::map_in_place(op::Clamp, &mut [&mut self.prim], &[&low, &high]);
        self
    }

    /// [`powf`](Self::powf), in the place of this tensor.
    pub fn powf_(&mut self, exponent: E) -> &mut Self
    where
        E: Float,
    {
        let exponent = self.scalar(exponent);
        B::map_in_place(op::Pow, &mut [&mut self.prim], &[&exponent]);
        self
    }

    /// Every element replaced by `value`. What it was has no gradient any more.
    pub fn fill_(&mut self, value: E) -> &mut Self {
        self.prim = B::full(&self.device(), value, self.dims());
        self
    }

    /// Every element replaced by 0.
    pub fn zero_(&mut self) -> &mut Self {
        self.fill_(E::ZERO)
    }
}
