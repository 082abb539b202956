//! Every op of the table, and every derivative.

use std::num::Wrapping;

use volta::dtype::{bf16, f16};
use volta::ops::elementwise::for_each_op;
use volta::ops::function::{Elementwise, Predicate, Scalar, Slope, Test};
use volta::ops::registry::{
    AnyTest, BoolTest, Class, Entry, FloatOp, FloatTest, IntOp, NumOp, OpVisitor,
};
use volta::ops::wgsl::{Argument, Element, Function};

use crate::interpreter::{self, Value};
use crate::{NUMBERS, compile, float, operand, ulp};

/// What `function` returns for these.
fn run(
    module: &naga::Module,
    function: &Function,
    x: &[Value],
    y: &Value,
    gradient: &Value,
    params: &[f32],
) -> Value {
    let arguments = function.arguments.iter().map(|argument| match argument {
        Argument::Input(k) => x[*k].clone(),
        Argument::Output => y.clone(),
        Argument::Gradient => gradient.clone(),
        Argument::Param(k) => Value::F32(params[*k]),
    });
    interpreter::call(module, &function.name, arguments.collect())
}

/// All combinations of `N` numbers, or as many of them as there is time for.
fn points<const N: usize>() -> impl Iterator<Item = [f32; N]> {
    let count = NUMBERS.len().pow(N as u32);
    let step = if count > 5000 { 13 } else { 1 };
    (0..count).step_by(step).map(|at| {
        let mut rest = at;
        std::array::from_fn(|_| {
            let x = NUMBERS[rest % NUMBERS.len()];
            rest /= NUMBERS.len();
            x
        })
    })
}

/// `got` may be as far off as what the CPU computes, and some roundings more.
fn assert_near(got: f32, cpu: f32, exact: f64, what: &str) {
    if cpu.is_nan() || got.is_nan() {
        assert!(
            cpu.is_nan() && got.is_nan(),
            "{what}: {got} instead of {cpu}"
        );
        return;
    }
    if cpu.is_infinite() || got.is_infinite() {
        assert!(got == cpu, "{what}: {got} instead of {cpu}");
        return;
    }
    if cpu == 0.0 && got == 0.0 {
        let negative = (got.is_sign_negative(), cpu.is_sign_negative());
        assert!(
            negative.0 == negative.1,
            "{what}: {got:?} instead of {cpu:?}"
        );
        return;
    }
    let (cpu, got) = (f64::from(cpu), f64::from(got));
    let slack = if exact.is_finite() {
        4.0 * (cpu - exact).abs()
    } else {
        0.0
    };
    let off = (got - cpu).abs();
    assert!(
        off <= slack + 4.0 * ulp(cpu),
        "{what}: {got:e} instead of {cpu:e}, exactly {exact:e}"
    );
}

/// The parameters that the table gives, in both widths.
fn params<Op: FloatOp<N>, const N: usize>(op: &Op) -> (Vec<f32>, Vec<f64>) {
    let params = <Op as Elementwise<f32, N>>::params(op);
    let wide = params.as_slice().to_vec();
    (wide.iter().map(|&p| p as f32).collect(), wide)
}

struct Values;

impl OpVisitor for Values {
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        let (narrow, wide) = params(&op);
        let function = <Op as Elementwise<f32, N>>::wgsl().unwrap();
        assert_eq!(
            Some(&function),
            <Op as Elementwise<f16, N>>::wgsl().as_ref()
        );
        assert_eq!(
            Some(&function),
            <Op as Elementwise<bf16, N>>::wgsl().as_ref()
        );
        assert_eq!(None, <Op as Elementwise<f64, N>>::wgsl());
        let module = compile(&function);
        let nothing = Value::F32(f32::NAN);
        for x in points::<N>() {
            let [cpu] = <Op as Scalar<f32, N>>::value(x, &narrow);
            let [exact] = <Op as Scalar<f64, N>>::value(x.map(f64::from), &wide);
            let got = run(
                &module,
                &function,
                &x.map(Value::F32),
                &nothing,
                &nothing,
                &narrow,
            );
            assert_near(float(got), cpu, exact, &format!("{} of {x:?}", entry.name));
        }
        for input in 0..N {
            derivative::<Op, N>(op, entry, input);
        }
    }

    fn num<Op: NumOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.float(op, entry);
        self.int(op, entry);
    }

    fn int<Op: IntOp<N>, const N: usize>(&mut self, _: Op, entry: &Entry) {
        assert_eq!(None, <Op as Elementwise<i64, N>>::wgsl());
        let slopes = entry.class == Class::Num;
        whole::<Op, i32, Wrapping<i32>, N>(entry, slopes, Wrapping, |x| Value::I32(x.0));
        whole::<Op, u8, Wrapping<u8>, N>(
            entry,
            slopes,
            |value| Wrapping(value as u8),
            |x| Value::U32(u32::from(x.0)),
        );
    }
}

fn derivative<Op: FloatOp<N>, const N: usize>(op: Op, entry: &Entry, input: usize) {
    let (narrow, wide) = params(&op);
    let function = <Op as Elementwise<f32, N>>::vjp_wgsl(0, input).unwrap();
    let saves = <Op as Elementwise<f32, N>>::SAVES;
    for argument in &function.arguments {
        match argument {
            Argument::Input(_) => assert!(saves.inputs(), "{} reads its inputs", entry.name),
            Argument::Output => assert!(saves.output(), "{} reads its output", entry.name),
            Argument::Param(_) | Argument::Gradient => {}
        }
    }
    let module = compile(&function);
    for x in points::<N>() {
        let [y] = <Op as Scalar<f32, N>>::value(x, &narrow);
        let cpu = <Op as Scalar<f32, N>>::partial(0, input, x, y, &narrow) * -1.5;
        let (x64, y64) = (x.map(f64::from), f64::from(y));
        let exact = <Op as Scalar<f64, N>>::partial(0, input, x64, y64, &wide) * -1.5;
        let (y, gy) = (Value::F32(y), Value::F32(-1.5));
        let got = run(&module, &function, &x.map(Value::F32), &y, &gy, &narrow);
        let what = format!("the derivative of {} by input {input} at {x:?}", entry.name);
        assert_near(float(got), cpu, exact, &what);
    }
}

const WHOLE: &[i32] = &[0, 1, 2, 3, 5, 100, 200, 255, -1, -2, -7, i32::MIN, i32::MAX];

/// The value and the derivatives of whole numbers, which are exact.
fn whole<Op, E, C, const N: usize>(
    entry: &Entry,
    slopes: bool,
    make: fn(i32) -> C,
    show: fn(C) -> Value,
) where
    E: volta::Num,
    C: Copy + PartialEq,
    Op: Elementwise<E, N> + Scalar<C, N>,
{
    let divides = matches!(entry.name, "div" | "remainder");
    let function = Op::wgsl().unwrap();
    let module = compile(&function);
    let nothing = show(make(0));
    let slopes: Vec<_> = (0..if slopes { N } else { 0 })
        .map(|input| {
            let function = Op::vjp_wgsl(0, input).unwrap();
            (compile(&function), function)
        })
        .collect();
    for at in 0..WHOLE.len().pow(N as u32) {
        let mut rest = at;
        let x: [C; N] = std::array::from_fn(|_| {
            let x = make(WHOLE[rest % WHOLE.len()]);
            rest /= WHOLE.len();
            x
        });
        // Dividing by 0 panics on the CPU; so does the slope where the square of 0 wraps around.
        if divides && N == 2 && (x[1] == make(0) || matches!(show(x[1]), Value::I32(i32::MIN))) {
            continue;
        }
        let shown = x.map(show);
        let [y] = Op::value(x, &[]);
        let got = run(&module, &function, &shown, &nothing, &nothing, &[]);
        assert_eq!(got, show(y), "{} of {shown:?}", entry.name);
        if divides {
            continue;
        }
        for (input, (module, function)) in slopes.iter().enumerate() {
            let slope = Op::partial(0, input, x, y, &[]);
            let got = run(module, function, &shown, &show(y), &show(make(1)), &[]);
            assert_eq!(got, show(slope), "the slope of {} at {shown:?}", entry.name);
        }
    }
}

#[test]
fn values_and_derivatives_are_those_of_the_cpu() {
    for_each_op(&mut Values);
}

struct Zeros;

impl OpVisitor for Zeros {
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, _: Op, _: &Entry) {
        for input in 0..N {
            let function = <Op as Elementwise<f32, N>>::vjp_wgsl(0, input).unwrap();
            if <Op as Elementwise<f32, N>>::slope(0, input) == Slope::Unit {
                assert!(function.definition.contains("return gy;"));
            }
        }
    }
}

#[test]
fn a_gradient_that_passes_through_is_not_computed_with() {
    for_each_op(&mut Zeros);
}

fn predicate<Op, E, C, const N: usize>(inputs: &[(C, Value)])
where
    E: volta::Dtype,
    C: Copy + volta::ops::scalar::Ordered<Mask = bool>,
    Op: Predicate<E, N> + Test<C, N>,
{
    let function = Op::wgsl().unwrap();
    let module = compile(&function);
    for at in 0..inputs.len().pow(N as u32) {
        let chosen: [&(C, Value); N] =
            std::array::from_fn(|k| &inputs[at / inputs.len().pow(k as u32) % inputs.len()]);
        let shown = chosen.map(|input| input.1.clone());
        let got = interpreter::call(&module, &function.name, shown.to_vec());
        let holds = Op::test(chosen.map(|input| input.0), &[]);
        assert_eq!(got, Value::Bool(holds), "{} of {shown:?}", Op::NAME);
    }
}

struct Conditions;

impl OpVisitor for Conditions {
    fn predicate_float<Op: FloatTest<N>, const N: usize>(&mut self, _: Op, _: &Entry) {
        let floats: Vec<_> = NUMBERS.iter().map(|&x| (x, Value::F32(x))).collect();
        predicate::<Op, f32, f32, N>(&floats);
    }

    fn predicate_any<Op: AnyTest<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.predicate_float(op, entry);
        self.predicate_bool(op, entry);
        let of = |element| move |x: i32| operand(element, x);
        let whole: Vec<_> = (WHOLE.iter())
            .map(|&x| (Wrapping(x), of(Element::I32)(x)))
            .collect();
        predicate::<Op, i32, Wrapping<i32>, N>(&whole);
        let bytes: Vec<_> = (WHOLE.iter())
            .map(|&x| (Wrapping(x as u8), of(Element::U8)(x)))
            .collect();
        predicate::<Op, u8, Wrapping<u8>, N>(&bytes);
    }

    fn predicate_bool<Op: BoolTest<N>, const N: usize>(&mut self, _: Op, _: &Entry) {
        predicate::<Op, bool, bool, N>(&CONDITIONS);
    }
}

#[test]
fn conditions_are_those_of_the_cpu() {
    for_each_op(&mut Conditions);
}

const CONDITIONS: [(bool, Value); 2] = [(false, Value::Bool(false)), (true, Value::Bool(true))];
