//! Powers and lengths.

use super::exponential::{binary_power, scale};
use super::logarithm::{ONE, split};
use super::{ROUND64, exp2i, fma, fma64, polynomial, polynomial64};

/// Whether a positive number is whole.
#[inline(always)]
fn whole(v: f32) -> bool {
    const LARGE: f32 = 8_388_608.0;
    let rounded = (v + LARGE) - LARGE;
    (v.to_bits() >= LARGE.to_bits()) | (rounded.to_bits() == v.to_bits())
}

/// `x` to the power of `y`: the logarithm in f64, as the power multiplies what it is off.
#[inline(always)]
pub(crate) fn pow(x: f32, y: f32) -> f32 {
    let a = x.abs();
    let (f, k) = split(a);
    // Minimax fit of log2(1 + f) / f on [sqrt(1/2) - 1, sqrt(2) - 1], 2^-35 of log2(1 + f).
    let high = polynomial(
        f,
        [
            7.737_110_6e-2,
            -1.428_399_2e-1,
            1.447_483_7e-1,
            -1.431_563e-1,
            1.587_698e-1,
            -1.803_006_1e-1,
            2.061_753_6e-1,
        ],
    );
    let wide = f64::from(f);
    let low = polynomial64(
        wide,
        [
            f64::from(high),
            -0.240_453_164_884_058_4,
            0.288_537_293_415_055_6,
            -0.360_673_674_843_379_4,
            0.480_898_361_396_258_1,
            -0.721_347_520_868_641_8,
            1.442_695_040_868_704_7,
        ],
    );
    // Bits are compared: that is faster.
    let finite = a.to_bits() < f32::INFINITY.to_bits();
    let k = if a.to_bits() == 0 {
        f32::NEG_INFINITY
    } else {
        k * (1.0 / ONE)
    };
    let k = if finite { k } else { a };
    let log = fma64(low, wide, f64::from(k));
    let t = f64::from(y) * log;
    let t = if t > 130.0 { 130.0 } else { t };
    let t = if t < -152.0 { -152.0 } else { t };
    let shifted = t + ROUND64;
    let r = (t - (shifted - ROUND64)) as f32;
    // The low bits are those of the sum of f32.
    let power = scale(binary_power(r), f32::from_bits(shifted.to_bits() as u32));
    let b = y.abs();
    let one = (b.to_bits() == 0)
        | (x.to_bits() == 1.0_f32.to_bits())
        | (a.to_bits() == 1.0_f32.to_bits()) & (b.to_bits() == f32::INFINITY.to_bits());
    let power = if one { 1.0 } else { power };
    let odd = whole(b) & !whole(0.5 * b);
    let negative = (x.to_bits() as i32) < 0 && a.to_bits() != 0;
    let power = if negative & finite & !whole(b) {
        f32::NAN
    } else {
        power
    };
    if odd { power.copysign(x) } else { power }
}

/// The length of `(x, y)`.
#[inline(always)]
pub(crate) fn hypot(x: f32, y: f32) -> f32 {
    let (a, b) = (x.abs(), y.abs());
    // Squares stay within the range. Bits are compared, which order all but NaN as the numbers.
    let top = a.to_bits().max(b.to_bits());
    let scale = if top > exp2i(60).to_bits() { -70 } else { 0 };
    let scale = if top < exp2i(-50).to_bits() {
        90
    } else {
        scale
    };
    let (p, q) = (a * exp2i(scale), b * exp2i(scale));
    let length = fma(p, p, q * q).sqrt() * exp2i(-scale);
    if a == f32::INFINITY || b == f32::INFINITY {
        f32::INFINITY
    } else {
        length
    }
}
