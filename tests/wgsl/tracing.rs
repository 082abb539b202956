//! What a trace looks like in print.

use std::path::Path;
use std::{env, fs};

use volta::Num;
use volta::ops::elementwise as op;
use volta::ops::function::{Elementwise, Scalar, Test};
use volta::ops::scalar::{Bits, Mask, Ordered, Real};
use volta::ops::wgsl::{Argument, Element, Function, module};

use crate::interpreter::{self, Value};
use crate::number::Number;
use crate::{compile, float};

/// Compares with `snapshots/<name>.wgsl`, or writes it if `UPDATE_SNAPSHOTS` is set.
fn snapshot(name: &str, source: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wgsl/snapshots");
    let path = folder.join(format!("{name}.wgsl"));
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, source).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == source,
        "{name} is traced as\n{source}\nIf that is right, run again with UPDATE_SNAPSHOTS=1."
    );
}

fn both<E: Num, Op: Elementwise<E, N>, const N: usize>() -> Vec<Function> {
    let value = std::iter::once(Op::wgsl());
    let vjps = (0..N).map(|input| Op::vjp_wgsl(0, input));
    value.chain(vjps).collect()
}

#[test]
fn snapshots_of_silu_with_its_library() {
    snapshot("silu", &module(&both::<f32, op::Silu, 1>()));
    snapshot("silu_f64", &module(&both::<f64, op::Silu, 1>()));
}

#[test]
fn snapshots_of_definitions() {
    let definitions = |functions: Vec<Function>| -> String {
        functions.into_iter().map(|f| f.definition).collect()
    };
    snapshot("hypot", &definitions(both::<f32, op::Hypot, 2>()));
    snapshot("clamp", &definitions(both::<f32, op::Clamp, 3>()));
    snapshot("gelu_tanh", &definitions(both::<f32, op::GeluTanh, 1>()));
    snapshot("pow", &definitions(both::<f32, op::Pow, 2>()));
}

/// Sine and cosine, times a parameter.
struct SinCos;

impl<T: Real> Scalar<T, 1, 2> for SinCos {
    fn value([x]: [T; 1], p: &[T]) -> [T; 2] {
        let x = x * p[0].clone();
        [x.clone().sin(), x.cos()]
    }
    fn partial(output: usize, _: usize, [x]: [T; 1], _: T, p: &[T]) -> T {
        match output {
            0 => x.cos() * p[0].clone(),
            _ => -x.sin() * p[1].clone(),
        }
    }
}

#[test]
fn several_outputs_and_parameters() {
    let value = Function::value::<SinCos, 1, 2>("sin_cos", 2, Element::F32);
    assert_eq!((value.inputs, value.params, value.outputs), (1, 2, 2));
    let parsed = compile(&value);
    let arguments = [1.0, 2.0, 0.0].map(Value::F32).to_vec();
    let Value::Several(got) = interpreter::call(&parsed, &value.name, arguments) else {
        panic!("a structure");
    };
    for (got, exact) in got.into_iter().zip([2_f64.sin(), 2_f64.cos()]) {
        assert!((float(got) - exact).abs() < f32::ulp(exact));
    }
    let vjp = Function::vjp::<SinCos, 1, 2>("sin_cos", 2, 1, 0, Element::F32);
    let read = [Argument::Input(0), Argument::Param(1), Argument::Gradient];
    assert_eq!(vjp.arguments, read);
    compile(&vjp);
    snapshot("several", &(value.definition + &vjp.definition));
}

/// What WGSL does not take as it stands.
struct Awkward;

impl<T: Real> Scalar<T, 1> for Awkward {
    fn value([x]: [T; 1], _: &[T]) -> [T; 1] {
        let infinite = x.lit(1.0) / x.lit(0.0);
        let nan = infinite.clone() - infinite.clone();
        let tiny = x.lit(1e-45) + x.lit(f64::from(f32::MAX)) * x.clone();
        [T::select(x.lt(&infinite), tiny, nan) - -x]
    }
    fn partial(_: usize, _: usize, [x]: [T; 1], _: T, _: &[T]) -> T {
        // Deeper than compilers nest.
        (0..2000).fold(x, |sum, k| sum.lit(f64::from(k)) - sum)
    }
}

struct IsNumber;

impl<T: Ordered> Test<T, 1> for IsNumber {
    fn test([x]: [T; 1], _: &[T]) -> T::Mask {
        x.eq(&x).and(x.le(&x)).and(x.lt(&x).not())
    }
}

#[test]
fn infinities_and_depth_are_no_obstacle() {
    let value = Function::value::<Awkward, 1, 1>("awkward", 0, Element::F32);
    let parsed = compile(&value);
    let run = |x: f32| interpreter::call(&parsed, &value.name, vec![Value::F32(x)]);
    assert_eq!(run(1.0), Value::F32(f32::MAX));
    assert!(matches!(run(f32::INFINITY), Value::F32(x) if x.is_nan()));
    compile(&Function::vjp::<Awkward, 1, 1>(
        "awkward",
        0,
        0,
        0,
        Element::F32,
    ));
    let test = Function::test::<IsNumber, 1>("is_number", 0, Element::F32);
    assert!(test.definition.contains("volta_is_nan(x0)"));
    assert!(!test.definition.contains("x0 == x0"));
    compile(&test);
}

/// Shifts by `b`, and other operations on bits.
struct Shifts;

impl<T: Bits> Scalar<T, 2, 4> for Shifts {
    fn value([a, b]: [T; 2], _: &[T]) -> [T; 4] {
        let mixed = (a.clone().bit_not().bit_and(b.clone())).bit_xor(a.lit(7.0).bit_or(b.clone()));
        let extreme = a.lit(f64::from(i32::MIN)) / a.lit(0.0) + a.clone() % a.lit(0.0);
        [a.clone().shl(b.clone()), a.shr(b), mixed, extreme]
    }
    fn partial(_: usize, _: usize, [a, _]: [T; 2], _: T, _: &[T]) -> T {
        a
    }
}

#[test]
fn bits_move_within_their_width() {
    let run = |element, a: i32, b: i32| {
        let function = Function::value::<Shifts, 2, 4>("shifts", 0, element);
        let parsed = compile(&function);
        let arguments = vec![crate::operand(element, a), crate::operand(element, b)];
        match interpreter::call(&parsed, &function.name, arguments) {
            Value::Several(values) => values,
            other => panic!("{other:?} is no structure"),
        }
    };
    let i32s = |a, b| run(Element::I32, a, b)[..3].to_vec();
    let expected = |values: [i32; 3]| values.map(Value::I32).to_vec();
    assert_eq!(i32s(-5, 1), expected([-10, -3, 7]));
    assert_eq!(i32s(-5, 32), expected([0, -1, 39]));
    assert_eq!(i32s(5, -1), expected([0, 0, 5]));
    let i64s = |a, b| run(Element::I64, a, b)[..3].to_vec();
    let expected = |values: [i64; 3]| values.map(Value::I64).to_vec();
    assert_eq!(i64s(-5, 1), expected([-10, -3, 7]));
    assert_eq!(i64s(1, 40), expected([1 << 40, 0, 7]));
    assert_eq!(i64s(-5, 64), expected([0, -1, 71]));
    assert_eq!(i64s(5, -1), expected([0, 0, 5]));
    let u8s = |a, b| run(Element::U8, a, b)[..3].to_vec();
    let expected = |values: [u32; 3]| values.map(Value::U32).to_vec();
    assert_eq!(u8s(200, 1), expected([144, 100, 6]));
    assert_eq!(u8s(200, 9), expected([0, 0, 14]));
    assert_eq!(run(Element::I32, 1, 1)[3], Value::I32(i32::MIN));
}

/// Constants that `f32` and `i32` do not have, and what drivers take for 0.
struct Wide;

impl<T: Real> Scalar<T, 1, 4> for Wide {
    fn value([x]: [T; 1], _: &[T]) -> [T; 4] {
        let infinite = x.lit(f64::INFINITY);
        let sum = x.clone() + x.lit(1e300);
        [
            sum,
            T::select(x.lt(&infinite), x.lit(0.1), infinite),
            x.lit(5e-324),
            x.clone() - x,
        ]
    }
    fn partial(_: usize, _: usize, [x]: [T; 1], _: T, _: &[T]) -> T {
        x
    }
}

struct Least;

impl<T: Bits> Scalar<T, 1> for Least {
    fn value([x]: [T; 1], _: &[T]) -> [T; 1] {
        let least = x.lit(i64::MIN as f64);
        [T::select(
            x.lt(&least.lit(0.0)),
            least.clone(),
            least - x.lit(1.0) - x,
        )]
    }
    fn partial(_: usize, _: usize, [x]: [T; 1], _: T, _: &[T]) -> T {
        x
    }
}

#[test]
fn numbers_of_64_bits_are_whole() {
    let function = Function::value::<Wide, 1, 4>("wide", 0, Element::F64);
    let parsed = compile(&function);
    let run = |x: f64| match interpreter::call(&parsed, &function.name, vec![Value::F64(x)]) {
        Value::Several(values) => values.into_iter().map(float).collect::<Vec<_>>(),
        other => panic!("{other:?} is no structure"),
    };
    assert_eq!(run(1.0), [1e300, 0.1, 5e-324, 0.0]);
    let infinite = run(f64::INFINITY);
    assert_eq!(infinite[..3], [f64::INFINITY, f64::INFINITY, 5e-324]);
    assert!(infinite[3].is_nan());

    let function = Function::value::<Least, 1, 1>("least", 0, Element::I64);
    let parsed = compile(&function);
    let run = |x: i64| interpreter::call(&parsed, &function.name, vec![Value::I64(x)]);
    assert_eq!(run(-1), Value::I64(i64::MIN));
    assert_eq!(run(2), Value::I64(i64::MAX - 2));
}

#[test]
fn a_module_has_each_function_of_the_library_once() {
    let functions = [both::<f32, op::Silu, 1>(), both::<f32, op::Exp, 1>()].concat();
    let source = module(functions.iter().chain(&functions));
    assert_eq!(source.matches("fn volta_exp(").count(), 1);
    assert_eq!(source.matches("fn silu_value(").count(), 1);
    naga::front::wgsl::parse_str(&source).unwrap();
}
