//! f32 functions without a branch, so that the compiler turns a loop over them into vector code.
//!
//! Each is within 2 ulp over all of f32, denormals included, and takes zeros, infinities and NaN as
//! C99 (annex F) says. They are for machines that multiply and add at once. Others take the
//! functions of the standard library ([`super::scalar::Unfused`]): measured against these without
//! fused multiplication, `exp`, `ln`, `sin` and `atan` are as fast, `expm1` and `tanh` two to three
//! times slower.
//!
//! Whole numbers are rounded by adding 1.5 * 2^23 (in f64 2^52), which leaves them in the low bits.

mod error;
mod exponential;
mod hyperbolic;
mod inverse;
mod logarithm;
mod power;
#[cfg(test)]
mod tests;
mod trigonometric;

pub(crate) use error::{erf, erfc};
pub(crate) use exponential::{DECAY_UNIT, decay, exp, exp2, expm1};
pub(crate) use hyperbolic::{acosh, asinh, atanh, cosh, sinh, tanh};
pub(crate) use inverse::{acos, asin, atan, atan2};
pub(crate) use logarithm::{ln, log1p, log2, log10};
pub(crate) use power::{hypot, pow};
pub(crate) use trigonometric::{cos, sin, tan};

/// Where adding rounds to a whole number.
const ROUND: f32 = 12_582_912.0;
/// The same of f64.
const ROUND64: f64 = 6_755_399_441_055_744.0;

/// 2^n, a normal number.
#[inline(always)]
const fn exp2i(n: i32) -> f32 {
    f32::from_bits(((127 + n) as u32) << 23)
}

/// `a * b + c`, rounded once.
#[inline(always)]
fn fma(a: f32, b: f32, c: f32) -> f32 {
    a.mul_add(b, c)
}

/// `a * b + c`, rounded once.
#[inline(always)]
fn fma64(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

/// The polynomial with these coefficients, that of the highest power first: by powers of x^2, so
/// that only half of the steps wait for the one before.
#[inline(always)]
fn polynomial<const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let square = x * x;
    let odd = N % 2;
    let mut sum = if odd == 1 {
        coefficients[0]
    } else {
        fma(coefficients[0], x, coefficients[1])
    };
    let mut at = 2 - odd;
    while at < N {
        let pair = fma(coefficients[at], x, coefficients[at + 1]);
        sum = fma(sum, square, pair);
        at += 2;
    }
    sum
}

/// The same step by step: where half an ulp counts.
#[inline(always)]
fn horner<const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut sum = coefficients[0];
    for &c in &coefficients[1..] {
        sum = fma(sum, x, c);
    }
    sum
}

/// [`polynomial`] of f64.
#[inline(always)]
fn polynomial64<const N: usize>(x: f64, coefficients: [f64; N]) -> f64 {
    let square = x * x;
    let odd = N % 2;
    let mut sum = if odd == 1 {
        coefficients[0]
    } else {
        fma64(coefficients[0], x, coefficients[1])
    };
    let mut at = 2 - odd;
    while at < N {
        let pair = fma64(coefficients[at], x, coefficients[at + 1]);
        sum = fma64(sum, square, pair);
        at += 2;
    }
    sum
}
