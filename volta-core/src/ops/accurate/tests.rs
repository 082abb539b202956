//! Every function against f64, over all of f32.

use super as f;

/// Patterns of bits that are spread over all of f32.
const STEP: usize = 4001;
/// Neighbours that are tried around each point of interest.
const AROUND: i64 = 1000;
/// Units in the last place that a function may be off.
const BOUND: f64 = 2.0;

/// `output[i] = f(a[i], b[i])`, in the vector code of this machine.
struct Loop<'a, F>(&'a [f32], &'a [f32], &'a mut [f32], F);

impl<F: Fn(f32, f32) -> f32> pulp::WithSimd for Loop<'_, F> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Loop(a, b, output, f) = self;
        for ((y, &a), &b) in output.iter_mut().zip(a).zip(b) {
            *y = f(a, b);
        }
    }
}

/// How far `got` is from `want`, in units of the last place of f32 there.
fn ulps(got: f32, want: f64) -> f64 {
    let near = want as f32;
    if near.is_nan() || got.is_nan() || want.is_infinite() || want == 0.0 {
        let same = near.is_nan() && got.is_nan() || near.to_bits() == got.to_bits();
        return if same { 0.0 } else { f64::INFINITY };
    }
    if near == got {
        return 0.0;
    }
    // Infinity stands where the next number would be.
    let wide = |v: f32| match v.is_infinite() {
        true => 2.0_f64.powi(128).copysign(f64::from(v)),
        false => f64::from(v),
    };
    let near = near.abs().clamp(f32::MIN_POSITIVE, f32::MAX);
    let unit = f64::from(f32::from_bits(near.to_bits() & 0x7F80_0000)) * 2.0_f64.powi(-23);
    (wide(got) - want).abs() / unit
}

fn check(
    name: &str,
    a: &[f32],
    b: &[f32],
    f: impl Fn(f32, f32) -> f32,
    reference: impl Fn(f64, f64) -> f64,
) {
    let mut got = vec![0.0; a.len()];
    pulp::Arch::new().dispatch(Loop(a, b, &mut got, f));
    let mut worst = (0.0, 0);
    for (i, &y) in got.iter().enumerate() {
        let off = ulps(y, reference(f64::from(a[i]), f64::from(b[i])));
        if off > worst.0 {
            worst = (off, i);
        }
    }
    let (off, i) = worst;
    let (a, b, y) = (a[i], b[i], got[i]);
    assert!(
        off <= BOUND,
        "{name}({a:e}, {b:e}) = {y:e} is {off} ulp off"
    );
}

/// Numbers from everywhere, and those around where functions change their ways.
fn points() -> Vec<f32> {
    let mut points: Vec<f32> = (0..=u32::MAX).step_by(STEP).map(f32::from_bits).collect();
    let mut centres = vec![
        0.0,
        1.0,
        0.5,
        0.625,
        0.7,
        0.3466,
        1.0397,
        10.0,
        88.376,
        88.7228,
        89.4159,
        87.3365,
        103.9721,
        126.0,
        128.0,
        149.0,
        150.0,
        f32::MIN_POSITIVE,
        f32::MAX,
    ];
    centres.extend((1..50).map(|k| (f64::from(k) * std::f64::consts::FRAC_PI_2) as f32));
    for centre in centres {
        for bits in i64::from(centre.to_bits()) - AROUND..=i64::from(centre.to_bits()) + AROUND {
            let x = f32::from_bits(bits.unsigned_abs() as u32);
            points.extend([x, -x]);
        }
    }
    points
}

macro_rules! of_one {
    ($($name:ident = $reference:expr;)*) => {
        #[test]
        fn functions_of_one_number_stay_within_two_ulp() {
            let x = points();
            $(
                check(stringify!($name), &x, &x, |x, _| f::$name::<true>(x), |x, _| $reference(x));
                let name = concat!(stringify!($name), " without FMA");
                check(name, &x, &x, |x, _| f::$name::<false>(x), |x, _| $reference(x));
            )*
        }
    };
}

of_one! {
    exp = f64::exp;
    exp2 = f64::exp2;
    expm1 = f64::exp_m1;
    ln = f64::ln;
    tanh = f64::tanh;
}
