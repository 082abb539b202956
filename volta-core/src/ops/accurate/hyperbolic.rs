//! Hyperbolic functions and their inverses.

use std::f32::consts::{LN_2, LOG2_E};

use super::exponential::{exp_parts, scale};
use super::logarithm::{ONE, ln_of_sum, log1p};
use super::{ROUND, fma, polynomial};

/// tanh x: a polynomial near 0, 1 - 2 / (e^(2|x|) + 1) elsewhere. One evaluation serves both, with
/// the coefficients of the one or the other.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let a = x.abs();
    // NaN is small.
    let large = a >= 0.7;
    let a = if a > 10.0 { 10.0 } else { a };
    // e^(2a) = 2^n e^(2r)
    let sum = fma(a, 2.0 * LOG2_E, ROUND);
    let r = fma(sum - ROUND, -0.5 * LN_2, a);
    // Minimax fits of (tanh a / a - 1) / a^2 on [0, 0.7], in a^2, 2^-30 of tanh a, and of
    // (e^(2r) - 1) / r on [-ln 2 / 4, ln 2 / 4], 2^-26 of e^(2r).
    let near = [
        1.900_760_6e-3,
        -7.891_315e-3,
        2.157_583e-2,
        -5.392_228e-2,
        1.333_3e-1,
        -3.333_332_5e-1,
    ];
    let far = [
        7.612_994e-2,
        2.677_368_2e-1,
        6.672_067_6e-1,
        1.333_323_4,
        1.999_995,
        2.0,
    ];
    let square = a * a;
    let variable = if large { r } else { square };
    let p = polynomial(variable, if large { far } else { near });
    let y = fma(r, p, 1.0);
    let power = f32::from_bits(y.to_bits().wrapping_add(sum.to_bits() << 23));
    let y = if large {
        1.0 - 2.0 / (power + 1.0)
    } else {
        fma(square * a, p, a)
    };
    y.copysign(x)
}

/// e^x / 2.
#[inline(always)]
fn half_exp(x: f32) -> f32 {
    let (y, sum) = exp_parts(x);
    scale(y, sum - 1.0)
}

/// Hyperbolic sine.
#[inline(always)]
pub(crate) fn sinh(x: f32) -> f32 {
    let a = x.abs();
    let half = half_exp(a);
    let square = a * a;
    // Minimax fit of (sinh(a) / a - 1) / a^2 on [0, 1], in a^2, 2^-31 of sinh(a).
    let p = polynomial(
        square,
        [
            2.782_213_2e-6,
            1.984_289_6e-4,
            8.333_310_5e-3,
            1.666_666_7e-1,
        ],
    );
    let y = if a > 1.0 {
        half - 0.25 / half
    } else {
        fma(a * square, p, a)
    };
    y.copysign(x)
}

/// Hyperbolic cosine.
#[inline(always)]
pub(crate) fn cosh(x: f32) -> f32 {
    let half = half_exp(x.abs());
    half + 0.25 / half
}

/// From here on sqrt(x^2 + 1) and sqrt(x^2 - 1) are x.
const HUGE: f32 = 8192.0;

/// asinh x: a polynomial near 0, ln(x + sqrt(x^2 + 1)) elsewhere.
#[inline(always)]
pub(crate) fn asinh(x: f32) -> f32 {
    let a = x.abs();
    let square = a * a;
    let root = fma(a, a, 1.0).sqrt();
    let huge = a > HUGE;
    let rest = if huge { 0.0 } else { root };
    let rest = if a < 1.0 { a } else { rest };
    let first = if a < 1.0 { root } else { a };
    let large = ln_of_sum(first, rest, if huge { ONE } else { 0.0 });
    // Minimax fit of (asinh(a) / a - 1) / a^2 on [0, 0.7], in a^2, 2^-28 of asinh(a).
    let p = polynomial(
        square,
        [
            5.404_658_6e-3,
            -1.635_995_3e-2,
            2.868_158_6e-2,
            -4.438_582_8e-2,
            7.498_165e-2,
            -1.666_662_2e-1,
        ],
    );
    let y = if a > 0.7 {
        large
    } else {
        fma(a * square, p, a)
    };
    let y = if a == f32::INFINITY { a } else { y };
    y.copysign(x)
}

/// acosh x, with t = x - 1: sqrt(2 t) and a polynomial near 1, ln(1 + t + sqrt(t (t + 2)))
/// elsewhere.
#[inline(always)]
pub(crate) fn acosh(x: f32) -> f32 {
    let t = x - 1.0;
    let near = t < 0.5;
    let huge = x > HUGE;
    let root = fma(if near { 0.0 } else { t }, t, t + t).sqrt();
    let u = if huge { x } else { t + root };
    let one = if huge { 0.0 } else { 1.0 };
    let far = ln_of_sum(u, one, if huge { ONE } else { 0.0 });
    // Minimax fit of (acosh(1 + t) / sqrt(2 t) - 1) / t on [0, 0.5], 2^-29 of acosh(1 + t).
    let p = polynomial(
        t,
        [
            -4.132_668e-4,
            1.760_097_5e-3,
            -5.547_874_6e-3,
            1.874_660_1e-2,
            -8.333_322e-2,
        ],
    );
    let y = if near { fma(root * t, p, root) } else { far };
    // NaN below 1, of the root.
    if x < f32::INFINITY { y } else { x }
}

/// atanh x: a polynomial near 0, ln(1 + 2x / (1 - x)) / 2 elsewhere.
#[inline(always)]
pub(crate) fn atanh(x: f32) -> f32 {
    let a = x.abs();
    let square = a * a;
    // Minimax fit of (atanh(a) / a - 1) / a^2 on [0, 0.5], in a^2, 2^-29 of atanh(a).
    let p = polynomial(
        square,
        [
            1.770_238_7e-1,
            5.124_445_6e-2,
            1.182_289_9e-1,
            1.422_34e-1,
            2.000_245_5e-1,
            3.333_330_2e-1,
        ],
    );
    let y = if a > 0.5 {
        0.5 * log1p((a + a) / (1.0 - a))
    } else {
        fma(a * square, p, a)
    };
    y.copysign(x)
}
