//! Logarithms.

use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::{fma, polynomial};

/// The bits of sqrt(1/2), where the mantissas start.
const SQRT_HALF: i32 = 0x3F35_04F3;
const EXPONENT: i32 = 0xFF80_0000_u32 as i32;
/// What an exponent counts in the bits.
pub(super) const ONE: f32 = 8_388_608.0;
/// log10 2 in two parts, as that of e.
const LOG10_2_HIGH: f32 = 0.301_025_4;
const LOG10_2_LOW: f32 = 4.605_039e-6;

/// `f` and `k` with x = (1 + f) * 2^(k / ONE) and 1 + f between sqrt(1/2) and sqrt(2).
#[inline(always)]
pub(super) fn split(x: f32) -> (f32, f32) {
    // Bits are compared: that is faster.
    let denormal = (x.to_bits() as i32) < f32::MIN_POSITIVE.to_bits() as i32;
    let (x, offset) = if denormal {
        (x * ONE, -23.0 * ONE)
    } else {
        (x, 0.0)
    };
    let bits = x.to_bits() as i32;
    let k = bits.wrapping_sub(SQRT_HALF) & EXPONENT;
    let m = f32::from_bits(bits.wrapping_sub(k) as u32);
    (m - 1.0, k as f32 + offset)
}

/// `y`, the logarithm of `x`, where that is a number.
#[inline(always)]
fn special(x: f32, y: f32) -> f32 {
    let bits = x.to_bits() as i32;
    let pole = if bits << 1 == 0 {
        f32::NEG_INFINITY
    } else {
        f32::NAN
    };
    let y = if bits > 0 { y } else { pole };
    if bits >= f32::INFINITY.to_bits() as i32 {
        x
    } else {
        y
    }
}

/// (ln(1 + f) - f) / f^2 for `f` in [sqrt(1/2) - 1, sqrt(2) - 1]: a minimax fit, 2^-27 of ln(1 + f). Those of the other logarithms are multiples of it.
const NATURAL: [f32; 9] = [
    -7.645_05e-2,
    1.276_813_3e-1,
    -1.315_943_4e-1,
    1.420_084_8e-1,
    -1.662_333_6e-1,
    2.000_126_2e-1,
    -2.500_082_3e-1,
    3.333_333e-1,
    -0.5,
];
const BINARY: [f32; 9] = [
    -1.101_420_15e-1,
    1.841_103_6e-1,
    -1.898_613_7e-1,
    2.048_881e-1,
    -2.398_243_5e-1,
    2.885_567e-1,
    -3.606_856_2e-1,
    4.808_983_2e-1,
    -7.213_475e-1,
];
const DECIMAL: [f32; 9] = [
    -3.315_605e-2,
    5.542_274_2e-2,
    -5.715_396_6e-2,
    6.167_746_7e-2,
    -7.219_432e-2,
    8.686_422_6e-2,
    -1.085_771_84e-1,
    1.447_648_3e-1,
    -2.171_472_5e-1,
];

/// ln(1 + f) + k ln 2 / ONE.
#[inline(always)]
fn natural(f: f32, k: f32) -> f32 {
    let square = f * f;
    let p = polynomial(f, NATURAL);
    let y = fma(square, p, k * (LN_2_LOW / ONE));
    fma(k, LN_2_HIGH / ONE, f + y)
}

/// Natural logarithm.
#[inline(always)]
pub(crate) fn ln(x: f32) -> f32 {
    let (f, k) = split(x);
    special(x, natural(f, k))
}

/// Logarithm to the base 2.
#[inline(always)]
pub(crate) fn log2(x: f32) -> f32 {
    let (f, k) = split(x);
    let square = f * f;
    let p = polynomial(f, BINARY);
    // What an f32 leaves of 1 / ln 2.
    let y = fma(square, p, f * 1.925_963e-8);
    let y = fma(f, std::f32::consts::LOG2_E, y);
    special(x, fma(k, 1.0 / ONE, y))
}

/// Logarithm to the base 10.
#[inline(always)]
pub(crate) fn log10(x: f32) -> f32 {
    let (f, k) = split(x);
    let square = f * f;
    let p = polynomial(f, DECIMAL);
    // What an f32 leaves of 1 / ln 10, and log10 2 in two parts as in `ln`.
    let y = fma(f, -1.010_305e-8, k * (LOG10_2_LOW / ONE));
    let y = fma(square, p, y);
    let y = fma(f, std::f32::consts::LOG10_E, y);
    special(x, fma(k, LOG10_2_HIGH / ONE, y))
}

/// ln((a + b) 2^extra) for a >= |b|, a >= 1 and `extra` in units of `1 / ONE`.
#[inline(always)]
pub(super) fn ln_of_sum(a: f32, b: f32, extra: f32) -> f32 {
    let u = a + b;
    let rest = b - (u - a);
    let bits = u.to_bits() as i32;
    let k = bits.wrapping_sub(SQRT_HALF) & EXPONENT;
    let m = f32::from_bits(bits.wrapping_sub(k) as u32);
    // 2^-k, or 0 where nothing is left of b.
    let power = f32::from_bits((1.0_f32.to_bits() as i32).wrapping_sub(k).max(0) as u32);
    let f = fma(rest, power, m - 1.0);
    natural(f, k as f32 + extra)
}

/// ln(1 + x).
#[inline(always)]
pub(crate) fn log1p(x: f32) -> f32 {
    let (a, b) = if x > 1.0 { (x, 1.0) } else { (1.0, x) };
    let y = ln_of_sum(a, b, 0.0);
    let pole = if x == -1.0 {
        f32::NEG_INFINITY
    } else {
        f32::NAN
    };
    let y = if x > -1.0 { y } else { pole };
    // Infinity, and numbers so small that 1 + x is 1, of which -0.
    let same = x == f32::INFINITY || x.abs() < 1e-10;
    if same { x } else { y }
}
