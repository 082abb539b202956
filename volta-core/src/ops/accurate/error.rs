//! The error function and its complement.

use std::f32::consts::{LN_2, LOG2_E};

use super::exponential::{LN_2_HIGH, LN_2_LOW, scale};
use super::{ROUND, fma, fma64, polynomial, polynomial64};

/// The error function: a polynomial near 0, 1 - e^(another) elsewhere.
#[inline(always)]
pub(crate) fn erf(x: f32) -> f32 {
    let a = x.abs();
    let a = if a > 4.0 { 4.0 } else { a };
    let large = a > 1.0;
    // Minimax fits of erf(a) / a - 1 on [0, 1], in a^2, and of ln(1 - erf(a)) on [1, 4], 2^-29 of
    // erf(a). One evaluation serves both.
    let near = [
        7.806_904e-5,
        -7.997_853e-4,
        5.187_162e-3,
        -2.685_334_7e-2,
        1.128_357_9e-1,
        -3.761_262_6e-1,
        1.283_791_7e-1,
    ];
    let far = [
        1.863_753_4e-4,
        -2.947_625_5e-3,
        2.183_795_5e-2,
        -1.031_065_8e-1,
        -6.381_449_7e-1,
        -1.127_089_1,
        -3.415_273_7e-4,
    ];
    let variable = if large { a } else { a * a };
    let p = polynomial(variable, if large { far } else { near });
    let sum = fma(p, LOG2_E, ROUND);
    let r = fma(sum - ROUND, -LN_2, p);
    // Minimax fit of (e^r - 1) / r on [-ln 2 / 2, ln 2 / 2], 2^-23 of e^r.
    let q = polynomial(
        r,
        [
            8.288_598e-3,
            4.189_866_4e-2,
            1.666_765_7e-1,
            4.999_914_5e-1,
            9.999_997e-1,
        ],
    );
    let e = fma(r, q, 1.0);
    let power = f32::from_bits(e.to_bits().wrapping_add(sum.to_bits() << 23));
    let y = if large { 1.0 - power } else { fma(a, p, a) };
    y.copysign(x)
}

/// 1 - erf(x) = e^(-x^2) * t * p(t) with t = 1 / (1 + 0.35 x), in f64.
#[inline(always)]
pub(crate) fn erfc(x: f32) -> f32 {
    let a = x.abs();
    let a = if a > 10.1 { 10.1 } else { a };
    // Minimax fit of e^(a^2) erfc(a) / t on [0, 10.1], 2^-27 of it.
    let t = 1.0 / fma64(f64::from(a), 0.35, 1.0);
    let p = polynomial64(
        t,
        [
            0.038_546_556_304_5,
            -0.159_742_680_262_9,
            0.183_440_877_173_5,
            -0.030_444_035_999_257,
            0.089_390_048_359_005,
            0.144_711_481_696_885,
            0.151_669_280_959_599,
            0.187_793_171_467_998,
            0.197_152_293_167_801,
            0.197_483_014_356_123,
        ],
    );
    let p = p * t;
    // e^(-a^2) = 2^n (1 + r q); what an f32 leaves of a^2 goes into r.
    let square = a * a;
    let rest = fma(a, a, -square);
    let sum = fma(square, -LOG2_E, ROUND);
    let n = sum - ROUND;
    let r = fma(n, -LN_2_HIGH, -square);
    let r = fma(n, -LN_2_LOW, r) - rest;
    // Minimax fit of (e^r - 1) / r on [-ln 2 / 2, ln 2 / 2], 2^-26 of e^r.
    let q = polynomial(
        r,
        [
            1.189_530_4e-3,
            8.366_776e-3,
            4.170_042_3e-2,
            1.666_654_2e-1,
            4.999_987_5e-1,
            1.0,
        ],
    );
    let y = scale(fma64(p, f64::from(r * q), p) as f32, sum);
    if x < 0.0 { 2.0 - y } else { y }
}
