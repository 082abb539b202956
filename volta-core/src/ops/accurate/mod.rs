//! f32 functions without a branch, so that the compiler turns a loop over them into vector code.
//!
//! Each is within 2 ulp over all of f32, denormals included, and takes zeros, infinities and NaN as
//! C99 (annex F) says. `FMA` says whether the machine multiplies and adds at once: where it does
//! not, [`f32::mul_add`] would be a call for every element.
//!
//! Whole numbers are rounded by adding 1.5 * 2^23 (in f64 2^52), which leaves them in the low bits.

mod exponential;
mod hyperbolic;
mod logarithm;
#[cfg(test)]
mod tests;
mod trigonometric;

pub(crate) use exponential::{exp, exp2, expm1};
pub(crate) use hyperbolic::tanh;
pub(crate) use logarithm::{ln, log1p, log2, log10};
pub(crate) use trigonometric::{cos, sin, tan};

/// Where adding rounds to a whole number.
const ROUND: f32 = 12_582_912.0;

/// `a * b + c`, rounded once (without `FMA`: from f64, which rounds `c` in).
#[inline(always)]
fn fma<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA {
        a.mul_add(b, c)
    } else {
        (f64::from(a) * f64::from(b) + f64::from(c)) as f32
    }
}

/// The polynomial with these coefficients, that of the highest power first.
#[inline(always)]
fn polynomial<const FMA: bool, const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut sum = coefficients[0];
    for &c in &coefficients[1..] {
        sum = fma::<FMA>(sum, x, c);
    }
    sum
}

/// The same by powers of x^2: as many steps, of which half wait for the one before.
#[inline(always)]
fn paired<const FMA: bool, const N: usize>(x: f32, square: f32, coefficients: [f32; N]) -> f32 {
    let odd = N % 2;
    let mut sum = if odd == 1 {
        coefficients[0]
    } else {
        fma::<FMA>(coefficients[0], x, coefficients[1])
    };
    let mut at = 2 - odd;
    while at < N {
        let pair = fma::<FMA>(coefficients[at], x, coefficients[at + 1]);
        sum = fma::<FMA>(sum, square, pair);
        at += 2;
    }
    sum
}
