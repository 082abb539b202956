//! Powers of e and 2.

use std::f32::consts::{LN_2, LOG2_E};

use super::{ROUND, fma, polynomial};

/// ln 2 in two parts, the first of so few bits that its product with an exponent is exact.
pub(super) const LN_2_HIGH: f32 = 0.693_359_4;
pub(super) const LN_2_LOW: f32 = -2.121_944_4e-4;

/// `x` within the bounds, or NaN.
#[inline(always)]
pub(super) fn clamp(x: f32, low: f32, high: f32) -> f32 {
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

/// 2^n, of the sum `ROUND + 127 + n`.
#[inline(always)]
pub(super) fn power_of_two(sum: f32) -> f32 {
    f32::from_bits(sum.to_bits() << 23)
}

/// `y * 2^n`, of the sum `ROUND + n`. In two steps: one factor would not reach the ends of the range.
#[inline(always)]
pub(super) fn scale(y: f32, sum: f32) -> f32 {
    let bits = sum.to_bits();
    let half = (bits << 22) & 0xFF80_0000;
    let rest = (bits << 23).wrapping_sub(half);
    let factor = |exponent: u32| f32::from_bits(exponent.wrapping_add(0x3F80_0000));
    y * factor(half) * factor(rest)
}

/// `y` and the sum `ROUND + n` with e^x = y * 2^n.
#[inline(always)]
pub(super) fn exp_parts(x: f32) -> (f32, f32) {
    let x = clamp(x, -104.0, 90.0);
    let sum = fma(x, LOG2_E, ROUND);
    (fraction_power(x, sum - ROUND), sum)
}

/// e^x / 2^n for the whole number `n` that is nearest to `x / ln 2`.
#[inline(always)]
fn fraction_power(x: f32, n: f32) -> f32 {
    let r = fma(n, -LN_2_HIGH, x);
    let r = fma(n, -LN_2_LOW, r);
    // Minimax fit of (e^r - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2], 2^-27 of e^r.
    let square = r * r;
    let p = polynomial(
        r,
        [
            1.382_274_8e-3,
            8.367_887e-3,
            4.166_810_6e-2,
            1.666_651_7e-1,
            4.999_999_4e-1,
        ],
    );
    fma(p, square, r) + 1.0
}

/// e^x.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let (y, sum) = exp_parts(x);
    scale(y, sum)
}

/// What [`decay`] gives multiples of, 2^64.
pub(crate) const DECAY_UNIT: f32 = 18_446_744_073_709_551_616.0;
const DECAY_ROUND: f32 = ROUND + 127.0 + 64.0;

/// 2^64 e^x of an `x` that is not above 0. One factor does: it is a normal number where e^x is none.
#[inline(always)]
pub(crate) fn decay(x: f32) -> f32 {
    let x = if x < -104.0 { -104.0 } else { x };
    let sum = fma(x, LOG2_E, DECAY_ROUND);
    fraction_power(x, sum - DECAY_ROUND) * f32::from_bits(sum.to_bits() << 23)
}

/// 2^r for r in [-1/2, 1/2].
#[inline(always)]
pub(super) fn binary_power(r: f32) -> f32 {
    // Minimax fit of (2^r - 1) / r on [-1/2, 1/2], 2^-26 of 2^r.
    let p = polynomial(
        r,
        [
            1.333_064_3e-4,
            1.338_794_1e-3,
            9.625_445e-3,
            5.550_366_3e-2,
            2.402_259_4e-1,
            LN_2,
        ],
    );
    fma(p, r, 1.0)
}

/// 2^x.
#[inline(always)]
pub(crate) fn exp2(x: f32) -> f32 {
    let x = clamp(x, -152.0, 130.0);
    let sum = x + ROUND;
    scale(binary_power(x - (sum - ROUND)), sum)
}

/// e^x - 1.
#[inline(always)]
pub(crate) fn expm1(x: f32) -> f32 {
    let clamped = clamp(x, -18.0, 89.0);
    // 2^(n - 1): 2^n would be infinite at the top of the range.
    let sum = fma(clamped, LOG2_E, ROUND + 126.0);
    let n = sum - (ROUND + 126.0);
    let r = fma(n, -LN_2_HIGH, clamped);
    let r = fma(n, -LN_2_LOW, r);
    // Minimax fit of (e^r - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2], 2^-26 of e^r - 1.
    let square = r * r;
    let p = polynomial(
        r,
        [
            1.383_935_7e-3,
            8.367_058e-3,
            4.166_774_5e-2,
            1.666_653_9e-1,
            0.5,
        ],
    );
    let s = power_of_two(sum);
    let y = 2.0 * fma(s, fma(p, square, r), s - 0.5);
    // Denormals, which the factors 1/2 and 2 would shorten, and -0.
    if x.abs() < 1e-10 { x } else { y }
}
