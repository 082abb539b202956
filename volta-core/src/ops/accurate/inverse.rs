//! Inverse trigonometric functions.

use std::f32::consts::{FRAC_PI_2, PI};

use super::{fma, polynomial};

/// What an f32 leaves of pi / 2.
const FRAC_PI_2_LOW: f32 = -4.371_139e-8;

/// Up to here the arc sine is a polynomial of `|x|`; beyond, of sqrt((1 - |x|) / 2), it is less than
/// 1/2.
const MIDDLE: f32 = 0.55;

/// `s` and `p` with asin(s) = s + p, of which `|x|` is cos(2 asin(s)) above [`MIDDLE`], and `s`
/// elsewhere.
#[inline(always)]
fn arc(x: f32) -> (f32, f32) {
    let a = x.abs();
    let large = a > MIDDLE;
    let square = if large { 0.5 - 0.5 * a } else { a * a };
    let s = if large { square.sqrt() } else { a };
    // Minimax fit of (asin(s) / s - 1) / s^2 on [0, 0.55], in s^2, 2^-29 of asin(s).
    let p = polynomial(
        square,
        [
            4.528_230_4e-2,
            8.582_815e-3,
            3.344_275_4e-2,
            4.431_102_8e-2,
            7.501_627e-2,
            1.666_664e-1,
        ],
    );
    (s, s * square * p)
}

/// Arc sine.
#[inline(always)]
pub(crate) fn asin(x: f32) -> f32 {
    let (s, p) = arc(x);
    let large = x.abs() > MIDDLE;
    let t = s + if large { p - 0.5 * FRAC_PI_2_LOW } else { p };
    let y = if large { fma(-2.0, t, FRAC_PI_2) } else { t };
    y.copysign(x)
}

/// Arc cosine.
#[inline(always)]
pub(crate) fn acos(x: f32) -> f32 {
    let (s, p) = arc(x);
    let (s, p) = (s.copysign(x), p.copysign(x));
    let pi = if x < 0.0 { PI } else { 0.0 };
    let pi_low = if x < 0.0 { 2.0 * FRAC_PI_2_LOW } else { 0.0 };
    if x.abs() > MIDDLE {
        fma(2.0, s, pi) + fma(2.0, p, pi_low)
    } else {
        (FRAC_PI_2 - s) - (p - FRAC_PI_2_LOW)
    }
}

/// atan t for t in [0, 1].
#[inline(always)]
fn octant(t: f32) -> f32 {
    let square = t * t;
    // Minimax fit of (atan(t) / t - 1) / t^2 on [0, 1], in t^2, 2^-28 of atan(t).
    let p = polynomial(
        square,
        [
            -1.783_409_7e-3,
            1.087_054_2e-2,
            -3.109_912_2e-2,
            5.788_245e-2,
            -8.399_326e-2,
            1.095_088_1e-1,
            -1.426_401_6e-1,
            1.999_853e-1,
            -3.333_33e-1,
        ],
    );
    fma(t * square, p, t)
}

/// Arc tangent.
#[inline(always)]
pub(crate) fn atan(x: f32) -> f32 {
    let a = x.abs();
    let large = a > 1.0;
    let y = octant(if large { 1.0 / a } else { a });
    let y = if large {
        FRAC_PI_2 - (y - FRAC_PI_2_LOW)
    } else {
        y
    };
    y.copysign(x)
}

/// The angle of the point `(x, y)`.
#[inline(always)]
pub(crate) fn atan2(y: f32, x: f32) -> f32 {
    let (a, b) = (x.abs(), y.abs());
    let steep = b > a;
    let (over, under) = if steep { (a, b) } else { (b, a) };
    let t = over / under;
    // Both infinite, both 0.
    let t = if a == b { 1.0 } else { t };
    let t = if a + b == 0.0 { 0.0 } else { t };
    let t = octant(t);
    let back = x.is_sign_negative();
    let t = if steep != back { -t } else { t };
    let quarters = match (steep, back) {
        (true, _) => 1.0,
        (false, true) => 2.0,
        (false, false) => 0.0,
    };
    let angle = fma(quarters, FRAC_PI_2, fma(quarters, FRAC_PI_2_LOW, t));
    angle.copysign(y)
}
