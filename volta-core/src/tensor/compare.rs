//! Comparisons, masks and selection.

use std::ops;

use super::fuse::inputs;
use super::{Tensor, fits};
use crate::backend::{Backend, Meet};
use crate::dtype::Dtype;
use crate::ops::elementwise as op;
use crate::ops::function::Predicate;
use crate::shape::{Broadcast, ExpandTo, Shape, runtime};

impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> {
    /// A function of two inputs, broadcast together, that says yes or no.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn test_zip<Op, R, B2>(
        &self,
        op: Op,
        other: &Tensor<R, E, B2>,
    ) -> Tensor<S::Out, bool, B::Out>
    where
        Op: Predicate<E, 2>,
        S: Broadcast<R>,
        R: Shape,
        B: Meet<B2>,
        B2: Backend,
    {
        inputs(Op::NAME, self).and(other).test(op)
    }

    /// Elements of `yes` where `mask`, otherwise of `self`: `self` and the mask broadcast to `yes`.
    /// The gradient goes where the element came from.
    ///
    /// ```
    /// # use volta::prelude::*;
    /// let x: Tensor<s![3]> = Tensor::from_array([-1.0, 0.0, 2.0]);
    /// let y = Tensor::select(&x.lt_scalar(0.0), &x.zeros_like(), &x);
    /// assert_eq!(y.to_vec(), [0.0, 0.0, 2.0]);
    /// ```
    #[track_caller]
    pub fn select<M, N, B2>(
        mask: &Tensor<M, bool, B2>,
        yes: &Tensor<S, E, B>,
        no: &Tensor<N, E, B>,
    ) -> Tensor<S, E, B>
    where
        M: ExpandTo<S>,
        N: ExpandTo<S>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        let dims = yes.dims();
        let to = |from: &[usize], ones: &[bool]| {
            let sides = ((from, ones), (dims, S::ONES));
            fits(runtime::broadcast_typed("select", sides.0, sides.1));
        };
        to(mask.dims(), M::ONES);
        to(no.dims(), N::ONES);
        let mask = B::expand(&B::right(&mask.prim), dims);
        let no = B::expand(&no.prim, dims);
        Tensor {
            shape: yes.shape,
            prim: B::select(&mask, &yes.prim, &no),
        }
    }

    /// `value` where `mask` holds, the element itself elsewhere.
    #[track_caller]
    pub fn masked_fill<M, B2>(&self, mask: &Tensor<M, bool, B2>, value: E) -> Self
    where
        M: ExpandTo<S>,
        S: ExpandTo<S>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        Tensor::select(mask, &self.full_like(value), self)
    }
}

macro_rules! compare {
    ($($(#[$doc:meta])* $method:ident $scalar:ident $By:ident $sign:literal;)*) => {
        impl<S: Shape, E: Dtype, B: Backend> Tensor<S, E, B> { $(
            #[doc = concat!("Whether each element is `", $sign, "` the other, broadcast.")]
            ///
            /// # Panics
            /// If sizes known at run time differ.
            #[track_caller]
            pub fn $method<R, B2>(&self, other: &Tensor<R, E, B2>) -> Tensor<S::Out, bool, B::Out>
            where
                S: Broadcast<R>,
                R: Shape,
                B: Meet<B2>,
                B2: Backend,
            {
                self.test_zip(op::$By, other)
            }

            #[doc = concat!("Whether each element is `", $sign, "` a value.")]
            pub fn $scalar(&self, value: E) -> Tensor<S, bool, B> {
                let value = B::full(&self.device(), value, self.dims());
                Tensor { shape: self.shape, prim: B::test(op::$By, [&self.prim, &value]) }
            }
        )* }
    };
}
compare! {
    eq eq_scalar Eq "==";
    ne ne_scalar Ne "!=";
    lt lt_scalar Lt "<";
    le le_scalar Le "<=";
    gt gt_scalar Gt ">";
    ge ge_scalar Ge ">=";
}

macro_rules! logic {
    ($($Trait:ident $method:ident $Op:ident;)*) => { $(
        impl<S, R, B, B2> ops::$Trait<&Tensor<R, bool, B2>> for &Tensor<S, bool, B>
        where
            S: Shape + Broadcast<R>,
            R: Shape,
            B: Backend + Meet<B2>,
            B2: Backend,
        {
            type Output = Tensor<<S as Broadcast<R>>::Out, bool, <B as Meet<B2>>::Out>;
            #[track_caller]
            fn $method(self, other: &Tensor<R, bool, B2>) -> Self::Output {
                self.test_zip(op::$Op, other)
            }
        }

        impl<S, R, B, B2> ops::$Trait<Tensor<R, bool, B2>> for Tensor<S, bool, B>
        where
            S: Shape + Broadcast<R>,
            R: Shape,
            B: Backend + Meet<B2>,
            B2: Backend,
        {
            type Output = Tensor<<S as Broadcast<R>>::Out, bool, <B as Meet<B2>>::Out>;
            #[track_caller]
            fn $method(self, other: Tensor<R, bool, B2>) -> Self::Output {
                self.test_zip(op::$Op, &other)
            }
        }
    )* };
}
logic! {
    BitAnd bitand LogicalAnd;
    BitOr bitor LogicalOr;
    BitXor bitxor LogicalXor;
}

impl<S: Shape, B: Backend> ops::Not for &Tensor<S, bool, B> {
    type Output = Tensor<S, bool, B>;
    fn not(self) -> Tensor<S, bool, B> {
        Tensor {
            shape: self.shape,
            prim: B::test(op::LogicalNot, [&self.prim]),
        }
    }
}

impl<S: Shape, B: Backend> ops::Not for Tensor<S, bool, B> {
    type Output = Tensor<S, bool, B>;
    fn not(self) -> Tensor<S, bool, B> {
        !&self
    }
}
