//! f32 functions without a branch, so that the compiler turns a loop over them into vector code.
//! Coefficients: Cephes (S. L. Moshier), `expf` and `tanhf`.

/// e^x within 1 ulp, denormals and infinities included.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // 1.5 * 2^23: adding it leaves the nearest integer in the low bits.
    const MAGIC: f32 = 12_582_912.0;
    let clamped = if x > 88.73 { 88.73 } else { x };
    let clamped = if clamped < -104.0 { -104.0 } else { clamped };
    let shifted = clamped.mul_add(std::f32::consts::LOG2_E, MAGIC);
    let n = shifted - MAGIC;
    let exponent = (shifted.to_bits() as i32).wrapping_sub(0x4B40_0000);
    let r = n.mul_add(-0.693_359_4, clamped);
    let r = n.mul_add(2.121_944_4e-4, r);
    let mut p = 1.987_569_1e-4_f32;
    p = p.mul_add(r, 1.398_199_9e-3);
    p = p.mul_add(r, 8.333_452e-3);
    p = p.mul_add(r, 4.166_579_6e-2);
    p = p.mul_add(r, 1.666_666_5e-1);
    p = p.mul_add(r, 0.5);
    let y = p.mul_add(r * r, r) + 1.0;
    // In two steps, so that denormals and the top of the range come out right.
    let half = exponent >> 1;
    let rest = exponent - half;
    let power = |e: i32| f32::from_bits(((e.wrapping_add(127)) as u32) << 23);
    y * power(half) * power(rest)
}

/// tanh x within 1.25 ulp.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let a = x.abs();
    let z = a * a;
    let mut p = -5.704_988_7e-3_f32;
    p = p.mul_add(z, 2.063_908_8e-2);
    p = p.mul_add(z, -5.373_971_6e-2);
    p = p.mul_add(z, 1.333_144_2e-1);
    p = p.mul_add(z, -3.333_328e-1);
    let small = (p * z).mul_add(a, a);
    let large = 1.0 - 2.0 / (exp(2.0 * a) + 1.0);
    let y = if a < 0.625 { small } else { large };
    y.copysign(x)
}

#[cfg(test)]
mod tests {
    fn worst(f: fn(f32) -> f32, reference: fn(f64) -> f64) -> (f64, f32) {
        let mut worst = (0.0, 0.0);
        for bits in (0..0xff00_0000_u32).step_by(4001) {
            let x = f32::from_bits(bits);
            if !x.is_finite() {
                continue;
            }
            let want = reference(f64::from(x));
            let near = want as f32;
            if !near.is_finite() {
                assert_eq!(f(x), near, "at {x}");
                continue;
            }
            let ulp = f64::from(near.abs().next_up()) - f64::from(near.abs());
            let off = (f64::from(f(x)) - want).abs() / ulp;
            if off > worst.0 {
                worst = (off, x);
            }
        }
        worst
    }

    #[test]
    fn exp_and_tanh_stay_within_two_ulp() {
        let (off, at) = worst(super::exp, f64::exp);
        assert!(off < 2.0, "exp is {off} ulp off at {at}");
        let (off, at) = worst(super::tanh, f64::tanh);
        assert!(off < 2.0, "tanh is {off} ulp off at {at}");
    }

    #[test]
    fn not_a_number_stays() {
        assert!(super::exp(f32::NAN).is_nan() && super::tanh(f32::NAN).is_nan());
        assert_eq!(super::exp(f32::INFINITY), f32::INFINITY);
        assert_eq!(super::exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(super::tanh(f32::NEG_INFINITY), -1.0);
    }
}
