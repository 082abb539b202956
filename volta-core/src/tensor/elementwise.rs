//! Methods for the elementwise table.

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
        let (left, right) = (B::left(&self.prim), B::right(other));
        let (a, b) = (self.dims(), B2::dims(other));
        if a == b && S::ONES == R::ONES {
            return Tensor::typed(Out::<B, B2>::map(op, [&left, &right]));
        }
        let dims = fits(runtime::broadcast_typed(
            Op::NAME,
            (a, S::ONES),
            (b, R::ONES),
        ));
        let left = Out::<B, B2>::expand(&left, &dims);
        let right = Out::<B, B2>::expand(&right, &dims);
        Tensor::typed(Out::<B, B2>::map(op, [&left, &right]))
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

macro_rules! unary {
    ($Class:ident: $($(#[$doc:meta])* $method:ident $Op:ident;)*) => {
        impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
            $(
                $(#[$doc])*
                #[inline]
                pub fn $method(&self) -> Self
                where
                    E: $Class,
                {
                    self.map(op::$Op)
                }
            )*
        }
    };
}

unary! { Num:
    /// The absolute value of every element; its derivative at 0 is 0.
    abs Abs;
    /// -1, 0 or 1 for every element.
    sign Sign;
    /// Every element times itself.
    square Square;
    /// The greater of every element and 0; its derivative at 0 is 0.
    relu Relu;
}

unary! { Float:
    /// e to the power of every element.
    exp Exp;
    /// `exp(x) - 1` of every element, exact near 0.
    expm1 Expm1;
    /// The natural logarithm of every element.
    ln Ln;
    /// The natural logarithm of every element, by PyTorch's name.
    log Ln;
    /// `ln(1 + x)` of every element, exact near 0.
    log1p Log1p;
    /// The square root of every element.
    sqrt Sqrt;
    /// `1 / sqrt(x)` of every element.
    rsqrt Rsqrt;
    /// `1 / x` of every element.
    recip Recip;
    /// `1 / x` of every element, by PyTorch's name.
    reciprocal Recip;
    /// The sine of every element.
    sin Sin;
    /// The cosine of every element.
    cos Cos;
    /// The hyperbolic tangent of every element.
    tanh Tanh;
    /// The error function of every element.
    erf Erf;
    /// `1 / (1 + exp(-x))` of every element.
    sigmoid Sigmoid;
    /// `ln(1 + exp(x))` of every element, without overflow.
    softplus Softplus;
    /// `x * sigmoid(x)` of every element.
    silu Silu;
    /// `x * (1 + erf(x / sqrt(2))) / 2` of every element (Hendrycks and Gimpel, 2016).
    gelu Gelu;
    /// GELU's tanh form, of every element.
    gelu_tanh GeluTanh;
    /// The greatest whole number not above every element.
    floor Floor;
    /// The smallest whole number not below every element.
    ceil Ceil;
    /// The whole number nearest to every element, halves to even.
    round Round;
    /// Every element without its fraction.
    trunc Trunc;
}

macro_rules! binary {
    ($Class:ident: $($(#[$doc:meta])* $method:ident $Op:ident;)*) => {
        impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
            $(
                $(#[$doc])*
                ///
                /// # Panics
                /// If sizes known at run time differ.
                #[inline]
                #[track_caller]
                pub fn $method<R, B2>(&self, other: &Tensor<R, E, B2>) -> Tensor<S::Out, E, B::Out>
                where
                    E: $Class,
                    S: Broadcast<R>,
                    R: Shape,
                    B: Meet<B2>,
                    B2: Backend,
                {
                    self.zip(op::$Op, other)
                }
            )*
        }
    };
}

binary! { Num:
    /// The greater of every two elements, broadcast; at a tie each gets half of the gradient.
    maximum Maximum;
    /// The smaller of every two elements, broadcast; at a tie each gets half of the gradient.
    minimum Minimum;
}

binary! { Float:
    /// Every element raised to the power of another, broadcast.
    pow Pow;
}
