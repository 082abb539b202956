//! What a scalar function may use. One generic function then runs on numbers (the kernels) and on
//! primitives of a backend ([`Expr`]: the derivative as recorded ops).

use std::num::Wrapping;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use crate::backend::Backend;
use crate::dtype::{Dtype, Float, Num};
use crate::ops::elementwise as op;

/// The outcome of a comparison.
pub trait Mask: Clone {
    /// Both hold.
    fn and(self, other: Self) -> Self;
    /// At least one holds.
    fn or(self, other: Self) -> Self;
    /// It does not hold.
    fn not(self) -> Self;
}

impl Mask for bool {
    #[inline(always)]
    fn and(self, other: bool) -> bool {
        self & other
    }
    #[inline(always)]
    fn or(self, other: bool) -> bool {
        self | other
    }
    #[inline(always)]
    fn not(self) -> bool {
        !self
    }
}

/// Comparison.
pub trait Ordered: Clone {
    /// The outcome of a comparison.
    type Mask: Mask;

    /// `self < other`.
    fn lt(&self, other: &Self) -> Self::Mask;
    /// `self <= other`.
    fn le(&self, other: &Self) -> Self::Mask;
    /// `self == other`.
    fn eq(&self, other: &Self) -> Self::Mask;
}

/// Arithmetic and selection.
pub trait Ring:
    Ordered
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Rem<Output = Self>
    + Neg<Output = Self>
{
    /// A constant, of the kind of `self`.
    fn lit(&self, value: f64) -> Self;
    /// `yes` where the mask holds, otherwise `no`.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// Without the sign.
    fn abs(self) -> Self;
}

/// Whole numbers seen as bits.
#[diagnostic::on_unimplemented(
    message = "a function of `Float` or `Num` calls one of `Int`",
    label = "this function is of `Int`",
    note = "write `Int` for the inputs of the function that calls"
)]
pub trait Bits: Ring {
    /// Bits that both have.
    fn bit_and(self, other: Self) -> Self;
    /// Bits that one has.
    fn bit_or(self, other: Self) -> Self;
    /// Bits that one alone has.
    fn bit_xor(self, other: Self) -> Self;
    /// The other bits.
    fn bit_not(self) -> Self;
    /// Bits moved up by `other` places; nothing is left from the width on, or below 0.
    fn shl(self, other: Self) -> Self;
    /// Bits moved down by `other` places; the sign alone is left from the width on, or below 0.
    fn shr(self, other: Self) -> Self;
}

macro_rules! real {
    (unary { $($(#[$doc:meta])* $name:ident $Op:ident = $f32:expr, $libm:expr, $f64:expr;)* }
     binary { $($(#[$doc2:meta])* $name2:ident $Op2:ident = $f32_2:expr, $libm2:expr, $f64_2:expr;)* }) => {
        /// Arithmetic and the functions of floating-point numbers.
        #[diagnostic::on_unimplemented(
            message = "a function of `Num` or `Int` calls one of `Float`",
            label = "this function is of `Float`",
            note = "write `Float` for the inputs of the function that calls"
        )]
        pub trait Real: Ring {
            $($(#[$doc])* fn $name(self) -> Self;)*
            $($(#[$doc2])* fn $name2(self, other: Self) -> Self;)*
        }

        impl Real for f32 {
            $(#[inline(always)] fn $name(self) -> f32 { $f32(self) })*
            $(#[inline(always)] fn $name2(self, other: f32) -> f32 {
                $f32_2(self, other)
            })*
        }

        impl Real for Unfused {
            $(#[inline(always)] fn $name(self) -> Unfused {
                Unfused($libm(self.0))
            })*
            $(#[inline(always)] fn $name2(self, other: Unfused) -> Unfused {
                Unfused($libm2(self.0, other.0))
            })*
        }

        impl Real for f64 {
            $(#[inline(always)] fn $name(self) -> f64 { $f64(self) })*
            $(#[inline(always)] fn $name2(self, other: f64) -> f64 { $f64_2(self, other) })*
        }

        impl<B: Backend, E: Float> Real for Expr<B, E> {
            $(fn $name(self) -> Self { Expr(B::map(op::$Op, [&self.0])) })*
            $(fn $name2(self, other: Self) -> Self {
                Expr(B::map(op::$Op2, [&self.0, &other.0]))
            })*
        }
    };
}

/// `libm::acosh` is a number below -1.
fn acosh(x: f64) -> f64 {
    if x < 1.0 { f64::NAN } else { libm::acosh(x) }
}

/// As above.
fn acosh_f32(x: f32) -> f32 {
    if x < 1.0 { f32::NAN } else { libm::acoshf(x) }
}

real! { unary {
    /// e to the power of `self`.
    exp Exp = super::accurate::exp, f32::exp, f64::exp;
    /// 2 to the power of `self`.
    exp2 Exp2 = super::accurate::exp2, f32::exp2, f64::exp2;
    /// `exp(self) - 1`, exact near 0.
    expm1 Expm1 = super::accurate::expm1, f32::exp_m1, f64::exp_m1;
    /// Natural logarithm.
    ln Ln = super::accurate::ln, f32::ln, f64::ln;
    /// Logarithm to base 2.
    log2 Log2 = super::accurate::log2, f32::log2, f64::log2;
    /// Logarithm to base 10.
    log10 Log10 = super::accurate::log10, f32::log10, f64::log10;
    /// `ln(1 + self)`, exact near 0.
    log1p Log1p = super::accurate::log1p, f32::ln_1p, f64::ln_1p;
    /// Square root.
    sqrt Sqrt = f32::sqrt, f32::sqrt, f64::sqrt;
    /// Sine.
    sin Sin = super::accurate::sin, f32::sin, f64::sin;
    /// Cosine.
    cos Cos = super::accurate::cos, f32::cos, f64::cos;
    /// Tangent.
    tan Tan = super::accurate::tan, f32::tan, f64::tan;
    /// Inverse sine.
    asin Asin = super::accurate::asin, f32::asin, f64::asin;
    /// Inverse cosine.
    acos Acos = super::accurate::acos, f32::acos, f64::acos;
    /// Inverse tangent.
    atan Atan = super::accurate::atan, f32::atan, f64::atan;
    /// Hyperbolic sine.
    sinh Sinh = super::accurate::sinh, f32::sinh, f64::sinh;
    /// Hyperbolic cosine.
    cosh Cosh = super::accurate::cosh, f32::cosh, f64::cosh;
    /// Hyperbolic tangent.
    tanh Tanh = super::accurate::tanh, f32::tanh, f64::tanh;
    /// Inverse hyperbolic sine.
    asinh Asinh = super::accurate::asinh, libm::asinhf, libm::asinh;
    /// Inverse hyperbolic cosine.
    acosh Acosh = super::accurate::acosh, acosh_f32, acosh;
    /// Inverse hyperbolic tangent.
    atanh Atanh = super::accurate::atanh, libm::atanhf, libm::atanh;
    /// The error function.
    erf Erf = super::accurate::erf, libm::erff, libm::erf;
    /// 1 less the error function, exact where that is nearly 1.
    erfc Erfc = super::accurate::erfc, libm::erfcf, libm::erfc;
    /// The greatest whole number not above.
    floor Floor = f32::floor, f32::floor, f64::floor;
    /// The smallest whole number not below.
    ceil Ceil = f32::ceil, f32::ceil, f64::ceil;
    /// The nearest whole number, halves to even.
    round Round = f32::round_ties_even, f32::round_ties_even, f64::round_ties_even;
    /// Without the fraction.
    trunc Trunc = f32::trunc, f32::trunc, f64::trunc;
} binary {
    /// `self` raised to `other`.
    pow Pow = super::accurate::pow, f32::powf, f64::powf;
    /// The angle of the point with the ordinate `self` and the abscissa `other`.
    atan2 Atan2 = super::accurate::atan2, f32::atan2, f64::atan2;
    /// `sqrt(self^2 + other^2)` without overflow on the way.
    hypot Hypot = super::accurate::hypot, f32::hypot, f64::hypot;
} }

macro_rules! ordered {
    ($($T:ty)*) => {$(
        impl Ordered for $T {
            type Mask = bool;
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
        }
    )*};
}
ordered!(bool f32 Unfused f64 Wrapping<u8> Wrapping<i32> Wrapping<i64>);

macro_rules! number {
    ($($T:ty, $lit:expr, $abs:expr;)*) => {$(
        impl Ring for $T {
            #[inline(always)]
            fn lit(&self, value: f64) -> Self {
                $lit(value)
            }
            #[inline(always)]
            fn select(mask: bool, yes: Self, no: Self) -> Self {
                if mask { yes } else { no }
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $abs(self)
            }
        }
    )*};
}
number! {
    f32, |v| v as f32, f32::abs;
    Unfused, |v| Unfused(v as f32), |x: Self| Unfused(x.0.abs());
    f64, |v| v, f64::abs;
    Wrapping<u8>, |v| Wrapping(v as u8), |x| x;
    Wrapping<i32>, |v| Wrapping(v as i32), |x: Self| Wrapping(x.0.wrapping_abs());
    Wrapping<i64>, |v| Wrapping(v as i64), |x: Self| Wrapping(x.0.wrapping_abs());
}

macro_rules! bits {
    ($($T:ty)*) => {$(
        impl Bits for Wrapping<$T> {
            #[inline(always)]
            fn bit_and(self, other: Self) -> Self {
                self & other
            }
            #[inline(always)]
            fn bit_or(self, other: Self) -> Self {
                self | other
            }
            #[inline(always)]
            fn bit_xor(self, other: Self) -> Self {
                self ^ other
            }
            #[inline(always)]
            fn bit_not(self) -> Self {
                !self
            }
            #[inline(always)]
            fn shl(self, other: Self) -> Self {
                let inside = (other.0 as u64) < u64::from(<$T>::BITS);
                if inside {
                    Wrapping(self.0 << other.0)
                } else {
                    Wrapping(0)
                }
            }
            #[inline(always)]
            fn shr(self, other: Self) -> Self {
                let places = other.0 as u64;
                let sign = if self.0 < <$T>::ZERO { !0 } else { 0 };
                if places < u64::from(<$T>::BITS) {
                    Wrapping(self.0 >> places)
                } else {
                    Wrapping(sign)
                }
            }
        }
    )*};
}
bits!(u8 i32 i64);

/// An `f32` on a processor that does not multiply and add in one step. There [`f32::mul_add`], which
/// our own functions are made of, is a call: those of the standard library stand in for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
#[repr(transparent)]
pub struct Unfused(pub f32);

macro_rules! unfused {
    ($($Trait:ident $method:ident $op:tt),*) => {$(
        impl $Trait for Unfused {
            type Output = Unfused;
            #[inline(always)]
            fn $method(self, other: Unfused) -> Unfused {
                Unfused(self.0 $op other.0)
            }
        }
    )*};
}
unfused!(Add add +, Sub sub -, Mul mul *, Div div /, Rem rem %);

impl Neg for Unfused {
    type Output = Unfused;
    #[inline(always)]
    fn neg(self) -> Unfused {
        Unfused(-self.0)
    }
}

/// A primitive of a backend that takes part in scalar functions: each operation becomes an op.
pub struct Expr<B: Backend, E: Dtype>(pub B::Prim<E>);

impl<B: Backend, E: Dtype> Clone for Expr<B, E> {
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
expr_operator!(Add add Add, Sub sub Sub, Mul mul Mul, Div div Div, Rem rem Remainder);

impl<B: Backend, E: Num> Neg for Expr<B, E> {
    type Output = Self;
    fn neg(self) -> Self {
        Expr(B::map(op::Neg, [&self.0]))
    }
}

impl<B: Backend> Mask for Expr<B, bool> {
    fn and(self, other: Self) -> Self {
        Expr(B::test(op::LogicalAnd, [&self.0, &other.0]))
    }
    fn or(self, other: Self) -> Self {
        Expr(B::test(op::LogicalOr, [&self.0, &other.0]))
    }
    fn not(self) -> Self {
        Expr(B::test(op::LogicalNot, [&self.0]))
    }
}

impl<B: Backend, E: Num> Ordered for Expr<B, E> {
    type Mask = Expr<B, bool>;

    fn lt(&self, other: &Self) -> Self::Mask {
        Expr(B::test(op::Lt, [&self.0, &other.0]))
    }
    fn le(&self, other: &Self) -> Self::Mask {
        Expr(B::test(op::Le, [&self.0, &other.0]))
    }
    fn eq(&self, other: &Self) -> Self::Mask {
        Expr(B::test(op::Eq, [&self.0, &other.0]))
    }
}

impl<B: Backend, E: Num> Ring for Expr<B, E> {
    fn lit(&self, value: f64) -> Self {
        Expr(B::full(
            &B::device(&self.0),
            E::from_f64(value),
            B::dims(&self.0),
        ))
    }
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Expr(B::select(&mask.0, &yes.0, &no.0))
    }
    fn abs(self) -> Self {
        Expr(B::map(op::Abs, [&self.0]))
    }
}
