//! Sine, cosine and tangent, for arguments of any size.

use super::{ROUND64, exp2i, fma, horner, polynomial};

/// 2^k / pi, less an even number, in two parts, for k = 0, 27, 54 and 81.
const HALF_TURNS: [(f64, f64); 4] = [
    (0.318_309_886_183_790_64, 3.583_247_455_607_534e-17),
    (-0.276_473_025_638_606_6, 1.904_295_900_750_416e-17),
    (0.645_500_476_234_014_7, -1.931_402_257_940_538e-17),
    (-0.656_952_547_639_090_6, 4.697_763_279_926_451e-17),
];
/// Where each of them is used from: what is left of x, 2^(-k) x, is then whole, and its product
/// with the second part is below 0.04.
const FROM: [f32; 4] = [0.0, exp2i(50), exp2i(77), exp2i(104)];
const SCALE: [f32; 4] = [1.0, exp2i(-27), exp2i(-54), exp2i(-81)];

/// `r` and the sum `ROUND64 + n` such that n + r turns of `pi / PER_HALF` are x, but for whole turns;
/// `|r|` is at most 0.5 + 0.04 * `PER_HALF`.
#[inline(always)]
fn reduce<const PER_HALF: usize>(x: f32) -> (f64, u64) {
    let bits = x.abs().to_bits();
    let mut scale = SCALE[0];
    let (mut high, mut low) = HALF_TURNS[0];
    for k in 1..4 {
        let beyond = bits >= FROM[k].to_bits();
        scale = if beyond { SCALE[k] } else { scale };
        high = if beyond { HALF_TURNS[k].0 } else { high };
        low = if beyond { HALF_TURNS[k].1 } else { low };
    }
    let v = f64::from(x * scale) * PER_HALF as f64;
    let sum = v.mul_add(high, ROUND64);
    let r = v.mul_add(high, -(sum - ROUND64));
    (v.mul_add(low, r), sum.to_bits())
}

/// sin(pi r), with the sign of `(-1)^n`.
#[inline(always)]
fn sine(r: f64, n: u64) -> f32 {
    let r = f64::from_bits(r.to_bits() ^ (n << 63));
    let y = (r * std::f64::consts::PI) as f32;
    let square = y * y;
    // Minimax fit of (sin(y) / y - 1) / y^2 on [0, 1.7], in y^2, 2^-30 of the sine.
    let p = horner(
        square,
        [
            -2.458_806e-8,
            2.757_948e-6,
            -1.984_232_4e-4,
            8.333_347e-3,
            -1.666_666_7e-1,
        ],
    );
    fma(y * square, p, y)
}

/// `y`, or `x` where that is 0: y has lost its sign.
#[inline(always)]
fn same_zero(x: f32, y: f32) -> f32 {
    if x.to_bits() << 1 == 0 { x } else { y }
}

/// Sine.
#[inline(always)]
pub(crate) fn sin(x: f32) -> f32 {
    let (r, n) = reduce::<1>(x);
    same_zero(x, sine(r, n))
}

/// Cosine.
#[inline(always)]
pub(crate) fn cos(x: f32) -> f32 {
    let (r, n) = reduce::<1>(x);
    sine(0.5 - r.abs(), n)
}

/// Tangent: of quarter turns, or for odd ones -1 over it.
#[inline(always)]
pub(crate) fn tan(x: f32) -> f32 {
    let (r, n) = reduce::<2>(x);
    let wide = r * std::f64::consts::FRAC_PI_2;
    let y = wide as f32;
    let rest = (wide - f64::from(y)) as f32;
    let square = y * y;
    // Minimax fit of (tan(y) / y - 1) / y^2 on [0, 0.92], in y^2, 2^-28 of the tangent.
    let p = polynomial(
        square,
        [
            3.507_499_1e-3,
            -4.628_583_3e-3,
            9.495_274e-3,
            5.723_356_7e-3,
            2.281_441_5e-2,
            5.381_380_8e-2,
            1.333_453_8e-1,
            3.333_330_2e-1,
        ],
    );
    // The slope of the tangent is about 1 + y^2.
    let rest = fma(rest, square, rest);
    let t = y + fma(y * square, p, rest);
    same_zero(x, if n & 1 == 1 { -1.0 / t } else { t })
}
