//! Hyperbolic functions and their inverses.

use std::f32::consts::{LN_2, LOG2_E};

use super::{ROUND, fma, polynomial};

/// tanh x: a polynomial near 0, 1 - 2 / (e^(2|x|) + 1) elsewhere. One evaluation serves both, with
/// the coefficients of the one or the other.
#[inline(always)]
pub(crate) fn tanh<const FMA: bool>(x: f32) -> f32 {
    let a = x.abs();
    // NaN is small.
    let large = a >= 0.7;
    let a = if a > 10.0 { 10.0 } else { a };
    // e^(2a) = 2^n e^(2r)
    let sum = fma::<FMA>(a, 2.0 * LOG2_E, ROUND);
    let r = fma::<FMA>(sum - ROUND, -0.5 * LN_2, a);
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
    let p = polynomial::<FMA, _>(variable, if large { far } else { near });
    let y = fma::<FMA>(r, p, 1.0);
    let power = f32::from_bits(y.to_bits().wrapping_add(sum.to_bits() << 23));
    let y = if large {
        1.0 - 2.0 / (power + 1.0)
    } else {
        fma::<FMA>(square * a, p, a)
    };
    y.copysign(x)
}
