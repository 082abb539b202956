//! `+ - * / %` on tensors, references and scalars, and their assigning forms.

use std::ops;

use super::{Tensor, fuse};
use crate::backend::{Backend, Meet};
use crate::dtype::{Dtype, Num, SameDtype, bf16, f16};
use crate::ops::elementwise as op;
use crate::ops::function::Elementwise;
use crate::shape::{Broadcast, ExpandTo, Shape};

macro_rules! tensor_operator {
    ($Trait:ident $method:ident $Assign:ident $assign:ident $Op:ident) => {
        tensor_operator!(@ $Trait $method $Op [] Tensor<S, E, B>, [] Tensor<R, F, B2>);
        tensor_operator!(@ $Trait $method $Op [] Tensor<S, E, B>, ['r] &'r Tensor<R, F, B2>);
        tensor_operator!(@ $Trait $method $Op ['l] &'l Tensor<S, E, B>, [] Tensor<R, F, B2>);
        tensor_operator!(@ $Trait $method $Op ['l] &'l Tensor<S, E, B>, ['r] &'r Tensor<R, F, B2>);

        #[diagnostic::do_not_recommend]
        impl<S: Shape, E: Num, B: Backend> ops::$Trait<E> for &Tensor<S, E, B> {
            type Output = Tensor<S, E, B>;
            #[inline]
            fn $method(self, other: E) -> Tensor<S, E, B> {
                let prim = B::map(op::$Op, [&self.prim, &self.scalar(other)]);
                Tensor { shape: self.shape, prim }
            }
        }

        #[diagnostic::do_not_recommend]
        impl<S: Shape, E: Num, B: Backend> ops::$Trait<E> for Tensor<S, E, B> {
            type Output = Tensor<S, E, B>;
            #[inline]
            fn $method(self, other: E) -> Tensor<S, E, B> {
                ops::$Trait::$method(&self, other)
            }
        }

        impl<S, R, E, F, B> ops::$Assign<&Tensor<R, F, B>> for Tensor<S, E, B>
        where
            S: Shape,
            R: ExpandTo<S>,
            E: Num + SameDtype<F>,
            F: Dtype,
            B: Backend,
        {
            #[inline]
            #[track_caller]
            fn $assign(&mut self, other: &Tensor<R, F, B>) {
                let name = <op::$Op as Elementwise<E, 2>>::NAME;
                let [] = fuse::and(other, fuse::in_place(name, [self])).map(op::$Op);
            }
        }

        #[diagnostic::do_not_recommend]
        impl<S: Shape, E: Num, B: Backend> ops::$Assign<E> for Tensor<S, E, B> {
            #[inline]
            fn $assign(&mut self, other: E) {
                let other = self.scalar(other);
                B::map_in_place(op::$Op, &mut [&mut self.prim], &[&other]);
            }
        }
    };
    (@ $Trait:ident $method:ident $Op:ident [$($l:lifetime)?] $Left:ty, [$($r:lifetime)?] $Right:ty) => {
        impl<$($l,)? $($r,)? S, R, E, F, B, B2> ops::$Trait<$Right> for $Left
        where
            S: Shape + Broadcast<R>,
            R: Shape,
            E: Num + SameDtype<F>,
            F: Dtype,
            B: Backend + Meet<B2>,
            B2: Backend,
        {
            type Output = Tensor<<S as Broadcast<R>>::Out, E, <B as Meet<B2>>::Out>;
            #[inline]
            #[track_caller]
            fn $method(self, other: $Right) -> Self::Output {
                let (left, right): (&Tensor<S, E, B>, &Tensor<R, F, B2>) = (&self, &other);
                left.zip_prim::<_, R, B2>(op::$Op, E::same::<B2>(&right.prim))
            }
        }
    };
}

tensor_operator!(Add add AddAssign add_assign Add);
tensor_operator!(Sub sub SubAssign sub_assign Sub);
tensor_operator!(Mul mul MulAssign mul_assign Mul);
tensor_operator!(Div div DivAssign div_assign Div);
tensor_operator!(Rem rem RemAssign rem_assign Remainder);

impl<S: Shape, E: Num, B: Backend> ops::Neg for &Tensor<S, E, B> {
    type Output = Tensor<S, E, B>;
    fn neg(self) -> Tensor<S, E, B> {
        self.map(op::Neg)
    }
}

impl<S: Shape, E: Num, B: Backend> ops::Neg for Tensor<S, E, B> {
    type Output = Tensor<S, E, B>;
    fn neg(self) -> Tensor<S, E, B> {
        self.map(op::Neg)
    }
}

/// A scalar on the left: one impl for each type, as the rules for foreign traits ask.
macro_rules! scalar_left {
    ($($E:ty)*) => { $(
        scalar_left!(@ $E: Add add Add, Sub sub Sub, Mul mul Mul, Div div Div, Rem rem Remainder);
    )* };
    (@ $E:ty: $($Trait:ident $method:ident $Op:ident),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<S: Shape, B: Backend> ops::$Trait<&Tensor<S, $E, B>> for $E {
            type Output = Tensor<S, $E, B>;
            #[inline]
            fn $method(self, other: &Tensor<S, $E, B>) -> Tensor<S, $E, B> {
                let prim = B::map(op::$Op, [&other.scalar(self), &other.prim]);
                Tensor { shape: other.shape, prim }
            }
        }

        #[diagnostic::do_not_recommend]
        impl<S: Shape, B: Backend> ops::$Trait<Tensor<S, $E, B>> for $E {
            type Output = Tensor<S, $E, B>;
            #[inline]
            fn $method(self, other: Tensor<S, $E, B>) -> Tensor<S, $E, B> {
                ops::$Trait::$method(self, &other)
            }
        }
    )* };
}
scalar_left!(u8 i32 i64 f16 bf16 f32 f64);
