//! The functions of the library against f64.

use volta::ops::function::Scalar;
use volta::ops::scalar::Real;
use volta::ops::wgsl::Function;

use crate::interpreter;
use crate::number::Number;
use crate::{compile, float};

macro_rules! functions {
    ($($Name:ident $method:ident;)*) => {$(
        struct $Name;
        impl<T: Real> Scalar<T, 1> for $Name {
            fn value([x]: [T; 1], _: &[T]) -> [T; 1] {
                [x.$method()]
            }
            fn partial(_: usize, _: usize, [x]: [T; 1], _: T, _: &[T]) -> T {
                x
            }
        }
    )*};
}
functions! {
    Exp exp; Exp2 exp2; Expm1 expm1; Ln ln; Log2 log2; Log10 log10; Log1p log1p;
    Sin sin; Cos cos; Tan tan; Asin asin; Acos acos; Atan atan;
    Sinh sinh; Cosh cosh; Tanh tanh; Asinh asinh; Atanh atanh; Erf erf; Erfc erfc;
}

macro_rules! functions2 {
    ($($Name:ident [$a:ident $b:ident] $value:expr;)*) => {$(
        struct $Name;
        impl<T: Real> Scalar<T, 2> for $Name {
            fn value([$a, $b]: [T; 2], _: &[T]) -> [T; 1] {
                [$value]
            }
            fn partial(_: usize, _: usize, [x, _]: [T; 2], _: T, _: &[T]) -> T {
                x
            }
        }
    )*};
}
/// Of the magnitude: what `libm` makes of numbers below -1 is no reference.
struct Acosh;
impl<T: Real> Scalar<T, 1> for Acosh {
    fn value([x]: [T; 1], _: &[T]) -> [T; 1] {
        [x.abs().acosh()]
    }
    fn partial(_: usize, _: usize, [x]: [T; 1], _: T, _: &[T]) -> T {
        x
    }
}

functions2! {
    Pow [a b] a.pow(b);
    Atan2 [a b] a.atan2(b);
    Hypot [a b] a.hypot(b);
    Fmod [a b] a % b;
}

/// The greatest error of `Op` at points drawn from all floats within `limit`, in ulp, and where.
/// Results below the normal floats are left out: GPUs flush them.
fn worst<Op, E, const N: usize>(limit: f64, count: usize) -> (f64, [E; N])
where
    Op: Scalar<f64, N> + Scalar<volta::ops::wgsl::Value, N>,
    E: Number,
{
    let function = Function::value::<Op, N, 1>("f", 0, E::ELEMENT);
    let module = compile(&function);
    let mut worst = (0.0, [E::of(0.0); N]);
    let mut state = 1_u64;
    for _ in 0..count {
        let x: [E; N] = std::array::from_fn(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            E::draw(state, limit)
        });
        let [exact] = <Op as Scalar<f64, N>>::value(x.map(E::wide), &[]);
        let got = float(interpreter::call(
            &module,
            &function.name,
            x.map(E::value).to_vec(),
        ));
        if exact.is_nan() || got.is_nan() {
            assert!(exact.is_nan() && got.is_nan(), "{got} at {x:?}");
            continue;
        }
        let rounded = E::of(exact).wide();
        if rounded.is_infinite() || got.is_infinite() {
            assert_eq!(got, rounded, "at {x:?}");
            continue;
        }
        if rounded.abs() < E::LEAST {
            assert!(got.abs() <= E::LEAST, "{got} at {x:?}");
            continue;
        }
        let off = (got - exact).abs() / E::ulp(exact);
        if off > worst.0 {
            worst = (off, x);
        }
    }
    worst
}

macro_rules! within {
    ($E:ident: $($Op:ident $N:literal below $limit:expr => $ulp:literal;)*) => {$(
        let (off, at) = worst::<$Op, $E, $N>(f64::from($limit), COUNT);
        println!("{} {off:.2} ulp at {at:?}", stringify!($Op));
        assert!(off < $ulp, "{} is {off} ulp off at {at:?}", stringify!($Op));
    )*};
}

const COUNT: usize = 10_000;

#[test]
fn the_library_is_accurate() {
    within! { f32:
        Exp 1 below 100.0 => 1.5;
        Exp2 1 below 140.0 => 1.5;
        Expm1 1 below 100.0 => 2.0;
        Ln 1 below f32::MAX => 1.0;
        Log2 1 below f32::MAX => 1.5;
        Log10 1 below f32::MAX => 1.5;
        Log1p 1 below f32::MAX => 2.0;
        Sin 1 below f32::MAX => 2.5;
        Cos 1 below f32::MAX => 2.5;
        Tan 1 below f32::MAX => 3.5;
        Asin 1 below 1.0 => 1.0;
        Acos 1 below 1.0 => 1.5;
        Atan 1 below f32::MAX => 1.0;
        Sinh 1 below 90.0 => 2.0;
        Cosh 1 below 90.0 => 2.0;
        Tanh 1 below 20.0 => 1.5;
        Asinh 1 below f32::MAX => 2.0;
        Acosh 1 below f32::MAX => 2.0;
        Atanh 1 below 1.0 => 1.5;
        Erf 1 below 10.0 => 1.5;
        Erfc 1 below 12.0 => 3.5;
        Pow 2 below 100.0 => 1.5;
        Atan2 2 below f32::MAX => 2.0;
        Hypot 2 below 1e38 => 1.5;
        Fmod 2 below f32::MAX => 0.5;
    }
}

#[test]
fn the_library_is_accurate_near_one_and_near_turns() {
    within! { f32:
        Sin 1 below 8000.0 => 2.5;
        Cos 1 below 8000.0 => 2.5;
        Tan 1 below 8000.0 => 3.5;
        Ln 1 below 2.0 => 1.0;
        Log2 1 below 2.0 => 1.5;
        Log10 1 below 2.0 => 1.5;
        Acosh 1 below 3.0 => 2.0;
        Pow 2 below 3.0 => 1.5;
    }
}

/// Against the functions of the standard library and of `libm`, which are up to 2 ulp off
/// themselves.
#[test]
fn the_library_of_f64_is_accurate() {
    within! { f64:
        Exp 1 below 800.0 => 2.0;
        Exp2 1 below 1100.0 => 2.0;
        Expm1 1 below 800.0 => 3.0;
        Ln 1 below f64::MAX => 2.0;
        Log2 1 below f64::MAX => 2.0;
        Log10 1 below f64::MAX => 3.0;
        Log1p 1 below f64::MAX => 3.0;
        Sin 1 below f64::MAX => 3.0;
        Cos 1 below f64::MAX => 3.0;
        Tan 1 below f64::MAX => 4.0;
        Asin 1 below 1.0 => 2.0;
        Acos 1 below 1.0 => 2.0;
        Atan 1 below f64::MAX => 2.0;
        Sinh 1 below 720.0 => 3.5;
        Cosh 1 below 720.0 => 3.0;
        Tanh 1 below 40.0 => 3.5;
        Asinh 1 below f64::MAX => 3.5;
        Acosh 1 below f64::MAX => 3.5;
        Atanh 1 below 1.0 => 3.0;
        Erf 1 below 10.0 => 2.5;
        Erfc 1 below 27.0 => 4.5;
        Pow 2 below 1000.0 => 2.5;
        Atan2 2 below f64::MAX => 2.5;
        Hypot 2 below 1e308 => 2.0;
        Fmod 2 below f64::MAX => 0.5;
    }
}

/// The number next to a multiple of a quarter turn among all, and the greatest.
#[test]
fn turns_are_taken_off_the_hardest_numbers() {
    let at = |function: Function, x: f64| {
        let arguments = vec![x.value()];
        float(interpreter::call(
            &compile(&function),
            &function.name,
            arguments,
        ))
    };
    let cos = at(
        Function::value::<Cos, 1, 1>("cos", 0, f64::ELEMENT),
        5.319372648326541e255,
    );
    assert!((cos + 4.687165924254628e-19).abs() < 2e-34, "{cos:e}");
    let sin = at(
        Function::value::<Sin, 1, 1>("sin", 0, f64::ELEMENT),
        f64::MAX,
    );
    assert!((sin - 0.004961954789184062).abs() < 2e-18, "{sin}");
}

#[test]
fn the_library_of_f64_is_accurate_near_one_and_near_turns() {
    within! { f64:
        Sin 1 below 1e7 => 3.0;
        Cos 1 below 1e7 => 3.0;
        Tan 1 below 1e7 => 4.0;
        Ln 1 below 2.0 => 2.0;
        Log2 1 below 2.0 => 2.0;
        Log10 1 below 2.0 => 3.0;
        Asinh 1 below 3.0 => 3.5;
        Acosh 1 below 3.0 => 3.5;
        Erfc 1 below 2.0 => 4.5;
        Pow 2 below 3.0 => 2.5;
    }
}
