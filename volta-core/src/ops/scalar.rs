//! What a scalar function may use. One generic function then runs on numbers (the kernels) and on
//! primitives of a backend ([`Expr`]: the derivative as recorded ops).

use std::num::Wrapping;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use crate::backend::{Backend, Compare};
use crate::dtype::{Float, Num};
use crate::ops::elementwise as op;

/// Arithmetic, comparison and selection.
pub trait Ring:
    Clone
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Neg<Output = Self>
{
    /// The outcome of a comparison.
    type Mask: Clone;

    /// A constant, of the kind of `self`.
    fn lit(&self, value: f64) -> Self;
    /// `self < other`.
    fn lt(&self, other: &Self) -> Self::Mask;
    /// `self <= other`.
    fn le(&self, other: &Self) -> Self::Mask;
    /// `self == other`.
    fn eq(&self, other: &Self) -> Self::Mask;
    /// `yes` where the mask holds, otherwise `no`.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
}

macro_rules! real {
    ($($(#[$doc:meta])* $name:ident $Op:ident = $f32:expr, $f64:expr;)*) => {
        /// Arithmetic and the functions of floating-point numbers.
        pub trait Real: Ring {
            $($(#[$doc])* fn $name(self) -> Self;)*
            /// `self` raised to `exponent`.
            fn pow(self, exponent: Self) -> Self;
        }

        impl Real for f32 {
            $(#[inline(always)] fn $name(self) -> f32 { $f32(self) })*
            #[inline(always)]
            fn pow(self, exponent: f32) -> f32 {
                super::accurate::pow::<true>(self, exponent)
            }
        }

        impl Real for f64 {
            $(#[inline(always)] fn $name(self) -> f64 { $f64(self) })*
            #[inline(always)]
            fn pow(self, exponent: f64) -> f64 {
                self.powf(exponent)
            }
        }

        impl<B: Backend, E: Float> Real for Expr<B, E> {
            $(fn $name(self) -> Self { Expr(B::map(op::$Op, [&self.0])) })*
            fn pow(self, exponent: Self) -> Self {
                Expr(B::map(op::Pow, [&self.0, &exponent.0]))
            }
        }
    };
}

real! {
    /// e to the power of `self`.
    exp Exp = super::accurate::exp::<true>, f64::exp;
    /// `exp(self) - 1`, exact near 0.
    expm1 Expm1 = super::accurate::expm1::<true>, f64::exp_m1;
    /// Natural logarithm.
    ln Ln = super::accurate::ln::<true>, f64::ln;
    /// `ln(1 + self)`, exact near 0.
    log1p Log1p = super::accurate::log1p::<true>, f64::ln_1p;
    /// Square root.
    sqrt Sqrt = f32::sqrt, f64::sqrt;
    /// Sine.
    sin Sin = super::accurate::sin::<true>, f64::sin;
    /// Cosine.
    cos Cos = super::accurate::cos::<true>, f64::cos;
    /// Hyperbolic tangent.
    tanh Tanh = super::accurate::tanh::<true>, f64::tanh;
    /// The error function.
    erf Erf = super::accurate::erf::<true>, libm::erf;
    /// The greatest whole number not above.
    floor Floor = f32::floor, f64::floor;
    /// The smallest whole number not below.
    ceil Ceil = f32::ceil, f64::ceil;
    /// The nearest whole number, halves to even.
    round Round = f32::round_ties_even, f64::round_ties_even;
    /// Without the fraction.
    trunc Trunc = f32::trunc, f64::trunc;
}

macro_rules! number {
    ($($T:ty, $lit:expr;)*) => {$(
        impl Ring for $T {
            type Mask = bool;
            #[inline(always)]
            fn lit(&self, value: f64) -> Self {
                $lit(value)
            }
            #[inline(always)]
            fn lt(&self, other: &Self) -> bool {
                *self < *other
            }
            #[inline(always)]
            fn le(&self, other: &Self) -> bool {
                *self <= *other
            }
            #[inline(always)]
            fn eq(&self, other: &Self) -> bool {
                *self == *other
            }
            #[inline(always)]
            fn select(mask: bool, yes: Self, no: Self) -> Self {
                if mask { yes } else { no }
            }
        }
    )*};
}
number! {
    f32, |v| v as f32;
    f64, |v| v;
    Wrapping<u8>, |v| Wrapping(v as u8);
    Wrapping<i32>, |v| Wrapping(v as i32);
    Wrapping<i64>, |v| Wrapping(v as i64);
}

/// A primitive of a backend that takes part in scalar functions: each operation becomes an op.
pub struct Expr<B: Backend, E: Num>(pub B::Prim<E>);

impl<B: Backend, E: Num> Clone for Expr<B, E> {
    fn clone(&self) -> Self {
        Expr(self.0.clone())
    }
}

macro_rules! expr_operator {
    ($($Trait:ident $method:ident $Op:ident),*) => {$(
        impl<B: Backend, E: Num> $Trait for Expr<B, E> {
            type Output = Self;
            fn $method(self, other: Self) -> Self {
                Expr(B::map(op::$Op, [&self.0, &other.0]))
            }
        }
    )*};
}
expr_operator!(Add add Add, Sub sub Sub, Mul mul Mul, Div div Div, Rem rem Rem);

impl<B: Backend, E: Num> Neg for Expr<B, E> {
    type Output = Self;
    fn neg(self) -> Self {
        Expr(B::map(op::Neg, [&self.0]))
    }
}

impl<B: Backend, E: Num> Ring for Expr<B, E> {
    type Mask = B::Prim<bool>;

    fn lit(&self, value: f64) -> Self {
        Expr(B::full(
            &B::device(&self.0),
            E::from_f64(value),
            B::dims(&self.0),
        ))
    }
    fn lt(&self, other: &Self) -> Self::Mask {
        B::compare(Compare::Lt, &self.0, &other.0)
    }
    fn le(&self, other: &Self) -> Self::Mask {
        B::compare(Compare::Le, &self.0, &other.0)
    }
    fn eq(&self, other: &Self) -> Self::Mask {
        B::compare(Compare::Eq, &self.0, &other.0)
    }
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Expr(B::select(&mask, &yes.0, &no.0))
    }
}
