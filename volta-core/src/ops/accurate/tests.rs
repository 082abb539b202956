//! Every function against f64: over all of f32, around where functions change their ways, and at
//! zeros and infinities.

/// Patterns of bits that are spread over all of f32 are as far apart.
const STEP: usize = 2003;
/// Neighbours that are tried around each point of interest.
const AROUND: u32 = 1000;
/// Units in the last place that a function may be off.
const BOUND: f64 = 2.0;

/// A function of one or two numbers.
trait Function {
    fn apply(&self, a: f32, b: f32) -> f32;
}

/// `output[i] = f(a[i], b[i])`, in the vector code of this machine.
struct Loop<'a, F>(&'a [f32], &'a [f32], &'a mut [f32], F);

impl<F: Function> pulp::WithSimd for Loop<'_, F> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Loop(a, b, output, f) = self;
        for ((y, &a), &b) in output.iter_mut().zip(a).zip(b) {
            *y = f.apply(a, b);
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
    (a, b): &(Vec<f32>, Vec<f32>),
    f: impl Function,
    want: impl Fn(f64, f64) -> f64,
) {
    let mut got = vec![0.0; a.len()];
    pulp::Arch::new().dispatch(Loop(a, b, &mut got, f));
    let off = |i: usize| ulps(got[i], want(f64::from(a[i]), f64::from(b[i])));
    let (i, worst) = (0..a.len())
        .map(|i| (i, off(i)))
        .fold(
            (0, 0.0),
            |worst, next| if next.1 > worst.1 { next } else { worst },
        );
    let (a, b, y) = (a[i], b[i], got[i]);
    assert!(
        worst <= BOUND,
        "{name}({a:e}, {b:e}) = {y:e} is {worst} ulp off"
    );
}

const SPECIAL: [f32; 22] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    -2.0,
    3.0,
    -3.0,
    0.5,
    -0.5,
    1.5,
    -2.5,
    8_388_609.0,
    -8_388_609.0,
    16_777_216.0,
    f32::MIN_POSITIVE,
    f32::MAX,
    f32::MIN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
    1e-45,
];

/// Numbers from everywhere, and those around where functions change their ways.
fn points() -> (Vec<f32>, Vec<f32>) {
    let mut points: Vec<f32> = (0..=u32::MAX).step_by(STEP).map(f32::from_bits).collect();
    points.extend(SPECIAL);
    let mut centres = vec![
        0.35,
        0.5,
        0.55,
        0.7,
        0.8,
        1.0,
        1.04,
        1.5,
        4.0,
        10.0,
        10.06,
        17.3,
        88.376,
        88.7228,
        89.4159,
        87.3365,
        103.9721,
        126.0,
        128.0,
        149.0,
        150.0,
        8192.0,
        1.125_899_9e15,
        1.511_157_3e23,
        2.028_241e31,
        f32::MIN_POSITIVE,
        f32::MAX,
    ];
    centres.extend((1..50).map(|k| (f64::from(k) * std::f64::consts::FRAC_PI_2) as f32));
    for centre in centres {
        let bits = centre.to_bits();
        for x in (bits - AROUND..=bits + AROUND).map(f32::from_bits) {
            points.extend([x, -x]);
        }
    }
    (points.clone(), points)
}

/// Every two of some numbers from everywhere, some of moderate size and the special ones.
fn pairs() -> (Vec<f32>, Vec<f32>) {
    let mut few: Vec<f32> = (0..=u32::MAX)
        .step_by(7_654_321)
        .map(f32::from_bits)
        .collect();
    few.extend((-250..250).map(|k| k as f32 * 0.37));
    few.extend(SPECIAL);
    let all = || few.iter().flat_map(|&a| few.iter().map(move |&b| (a, b)));
    all().unzip()
}

macro_rules! within_two_ulp {
    ($test:ident, $points:ident, |$a:ident, $b:ident|: $($name:ident $arguments:tt = $want:expr;)*) => {
        #[test]
        fn $test() {
            let points = $points();
            $({
                struct Vector;
                impl Function for Vector {
                    #[inline(always)]
                    fn apply(&self, $a: f32, $b: f32) -> f32 {
                        super::$name $arguments
                    }
                }
                check(stringify!($name), &points, Vector, |$a, $b| $want);
            })*
        }
    };
}

within_two_ulp! { functions_of_one_number_stay_within_two_ulp, points, |x, _y|:
    exp(x) = x.exp();
    exp2(x) = x.exp2();
    expm1(x) = x.exp_m1();
    ln(x) = x.ln();
    log2(x) = x.log2();
    log10(x) = x.log10();
    log1p(x) = x.ln_1p();
    sin(x) = x.sin();
    cos(x) = x.cos();
    tan(x) = x.tan();
    asin(x) = x.asin();
    acos(x) = x.acos();
    atan(x) = x.atan();
    sinh(x) = x.sinh();
    cosh(x) = x.cosh();
    tanh(x) = x.tanh();
    asinh(x) = libm::asinh(x);
    // Of numbers below -1, libm's is not NaN.
    acosh(x) = if x < 1.0 { f64::NAN } else { libm::acosh(x) };
    atanh(x) = libm::atanh(x);
    erf(x) = libm::erf(x);
    erfc(x) = libm::erfc(x);
}

/// Numbers from -104 to 0, where e^x is denormal too.
fn below_zero() -> (Vec<f32>, Vec<f32>) {
    let below: Vec<f32> = (0..1_040_000).map(|i| i as f32 * -1e-4).collect();
    (below.clone(), below)
}

within_two_ulp! { powers_below_zero_are_multiples_of_the_unit, below_zero, |x, _y|:
    decay(x) = x.exp() * f64::from(super::DECAY_UNIT);
}

within_two_ulp! { functions_of_two_numbers_stay_within_two_ulp, pairs, |x, y|:
    pow(x, y) = x.powf(y);
    atan2(x, y) = x.atan2(y);
    hypot(x, y) = x.hypot(y);
}

#[test]
fn small_arguments_keep_their_digits() {
    assert_eq!(super::expm1(1e-8), 1e-8);
    assert_eq!(super::log1p(1e-8), 1e-8);
    assert_eq!(super::sin(-0.0).to_bits(), (-0.0_f32).to_bits());
    assert_eq!(super::tanh(1e-45), 1e-45);
}

/// With the values of C99, annex F.
#[test]
fn powers_of_zeros_ones_and_infinities() {
    const INF: f32 = f32::INFINITY;
    const NAN: f32 = f32::NAN;
    for (x, y, want) in [
        (0.0, -3.0, INF),
        (-0.0, -3.0, -INF),
        (-0.0, -2.0, INF),
        (0.0, -INF, INF),
        (-0.0, 3.0, -0.0),
        (-0.0, 2.5, 0.0),
        (-1.0, INF, 1.0),
        (-1.0, -INF, 1.0),
        (1.0, NAN, 1.0),
        (NAN, 0.0, 1.0),
        (-8.0, 3.0, -512.0),
        (-8.0, 2.0, 64.0),
        (-8.0, 0.5, NAN),
        (0.5, -INF, INF),
        (2.0, -INF, 0.0),
        (-INF, -3.0, -0.0),
        (-INF, 3.0, -INF),
        (-INF, 2.5, INF),
        (INF, -1.0, 0.0),
    ] {
        for got in [super::pow(x, y), super::pow(x, y)] {
            let same = got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan();
            assert!(same, "pow({x}, {y}) = {got}");
        }
    }
}
