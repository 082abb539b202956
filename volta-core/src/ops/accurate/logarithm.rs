//! Logarithms.

use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::{fma, paired};

/// The bits of sqrt(1/2), where the mantissas start.
const SQRT_HALF: i32 = 0x3F35_04F3;
const EXPONENT: i32 = 0xFF80_0000_u32 as i32;
/// What an exponent counts in the bits.
const ONE: f32 = 8_388_608.0;

/// `f` and `k` with x = (1 + f) * 2^(k / ONE) and 1 + f between sqrt(1/2) and sqrt(2).
#[inline(always)]
fn split(x: f32) -> (f32, f32) {
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
    let pole = if bits << 1 == 0 { f32::NEG_INFINITY } else { f32::NAN };
    let y = if bits > 0 { y } else { pole };
    if bits >= f32::INFINITY.to_bits() as i32 { x } else { y }
}

/// ln(1 + f) + k ln 2 / ONE.
#[inline(always)]
fn natural<const FMA: bool>(f: f32, k: f32) -> f32 {
    // Minimax fit of (ln(1 + f) - f) / f^2 on [sqrt(1/2) - 1, sqrt(2) - 1], 2^-27 of ln(1 + f).
    let square = f * f;
    let p = paired::<FMA, _>(
        f,
        square,
        [
            -7.645_05e-2,
            1.276_813_3e-1,
            -1.315_943_4e-1,
            1.420_084_8e-1,
            -1.662_333_6e-1,
            2.000_126_2e-1,
            -2.500_082_3e-1,
            3.333_333e-1,
            -0.5,
        ],
    );
    let y = fma::<FMA>(square, p, k * (LN_2_LOW / ONE));
    fma::<FMA>(k, LN_2_HIGH / ONE, f + y)
}

/// Natural logarithm.
#[inline(always)]
pub(crate) fn ln<const FMA: bool>(x: f32) -> f32 {
    let (f, k) = split(x);
    special(x, natural::<FMA>(f, k))
}
