//! Every op of the table, and every derivative.

use std::num::Wrapping;

use volta::dtype::{bf16, f16};
use volta::ops::elementwise::for_each_op;
use volta::ops::function::{Elementwise, Predicate, Scalar, Slope, Test};
use volta::ops::registry::{
    AnyTest, BoolTest, Class, Entry, FloatOp, FloatTest, IntOp, NumOp, OpVisitor,
};
use volta::ops::wgsl::{Argument, Function};

use crate::interpreter::{self, Value};
use crate::number::Number;
use crate::{compile, float};

/// What `function` returns for these.
fn run(
    module: &naga::Module,
    function: &Function,
    x: &[Value],
    y: &Value,
    gradient: &Value,
    params: &[Value],
) -> Value {
    let arguments = function.arguments.iter().map(|argument| match argument {
        Argument::Input(k) => x[*k].clone(),
        Argument::Output => y.clone(),
        Argument::Gradient => gradient.clone(),
        Argument::Param(k) => params[*k].clone(),
    });
    interpreter::call(module, &function.name, arguments.collect())
}

/// All combinations of `N` numbers, or as many of them as there is time for.
fn points<E: Number, const N: usize>() -> impl Iterator<Item = [E; N]> {
    let numbers = E::numbers();
    let count = numbers.len().pow(N as u32);
    let step = if count > 5000 { 13 } else { 1 };
    (0..count).step_by(step).map(move |at| {
        let mut rest = at;
        std::array::from_fn(|_| {
            let x = numbers[rest % numbers.len()];
            rest /= numbers.len();
            x
        })
    })
}

/// `got` may be as far off as what the CPU computes, and some roundings more: `narrow` and `wide`
/// are what that does in `f32` and `f64`.
fn assert_near<E: Number>(got: Value, cpu: E, narrow: f32, wide: f64, what: &str) {
    let (got, cpu) = (float(got), cpu.wide());
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
        assert!(
            got.is_sign_negative() == cpu.is_sign_negative(),
            "{what}: {got:?} instead of {cpu:?}"
        );
        return;
    }
    let lost = (f64::from(narrow) - wide).abs();
    let slack = if lost.is_finite() { lost } else { 0.0 };
    assert!(
        (got - cpu).abs() <= E::SLACK * slack + 4.0 * E::ulp(cpu),
        "{what}: {got:e} instead of {cpu:e}, in f32 {narrow:e}, in f64 {wide:e}"
    );
}

struct Values;

/// The value and the derivatives in `E`.
fn floats<Op, E, const N: usize>(op: Op, entry: &Entry)
where
    Op: Elementwise<E, N> + Scalar<E, N> + Scalar<f32, N> + Scalar<f64, N>,
    E: Number + volta::Float,
{
    let params = op.params().as_slice().to_vec();
    let own: Vec<E> = params.iter().map(|&p| E::of(p)).collect();
    let shown: Vec<_> = own.iter().map(|&p| p.value()).collect();
    let narrow: Vec<_> = params.iter().map(|&p| p as f32).collect();
    let function = Op::wgsl();
    let module = compile(&function);
    let slopes: Vec<_> = (0..N)
        .map(|input| {
            let function = Op::vjp_wgsl(0, input);
            for argument in &function.arguments {
                match argument {
                    Argument::Input(_) => assert!(Op::SAVES.inputs(), "{}", entry.name),
                    Argument::Output => assert!(Op::SAVES.output(), "{}", entry.name),
                    Argument::Param(_) | Argument::Gradient => {}
                }
            }
            (compile(&function), function)
        })
        .collect();
    let nothing = E::of(f64::NAN).value();
    let gradient = E::of(-1.5);
    for x in points::<E, N>() {
        let (x32, x64) = (x.map(|x| x.wide() as f32), x.map(E::wide));
        let shown_x = x.map(E::value);
        let [y] = <Op as Scalar<E, N>>::value(x, &own);
        let [y32] = <Op as Scalar<f32, N>>::value(x32, &narrow);
        let [y64] = <Op as Scalar<f64, N>>::value(x64, &params);
        let got = run(&module, &function, &shown_x, &nothing, &nothing, &shown);
        assert_near(got, y, y32, y64, &format!("{} of {x:?}", entry.name));
        let (y32, y64) = (y.wide() as f32, y.wide());
        for (input, (module, function)) in slopes.iter().enumerate() {
            let what = format!("the derivative of {} by input {input} at {x:?}", entry.name);
            let cpu = <Op as Scalar<E, N>>::partial(0, input, x, y, &own);
            let cpu32 = <Op as Scalar<f32, N>>::partial(0, input, x32, y32, &narrow) * -1.5;
            let cpu64 = <Op as Scalar<f64, N>>::partial(0, input, x64, y64, &params) * -1.5;
            let got = run(
                module,
                function,
                &shown_x,
                &y.value(),
                &gradient.value(),
                &shown,
            );
            assert_near(got, E::of(cpu.wide() * -1.5), cpu32, cpu64, &what);
        }
    }
}

impl OpVisitor for Values {
    fn float<Op: FloatOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        let function = <Op as Elementwise<f32, N>>::wgsl();
        assert_eq!(function, <Op as Elementwise<f16, N>>::wgsl());
        assert_eq!(function, <Op as Elementwise<bf16, N>>::wgsl());
        floats::<Op, f32, N>(op, entry);
        floats::<Op, f64, N>(op, entry);
    }

    fn num<Op: NumOp<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.float(op, entry);
        self.int(op, entry);
    }

    fn int<Op: IntOp<N>, const N: usize>(&mut self, _: Op, entry: &Entry) {
        let slopes = entry.class == Class::Num;
        whole::<Op, i64, Wrapping<i64>, N>(entry, slopes, Wrapping, |x| Value::I64(x.0));
        whole::<Op, i32, Wrapping<i32>, N>(
            entry,
            slopes,
            |value| Wrapping(value as i32),
            |x| Value::I32(x.0),
        );
        whole::<Op, u8, Wrapping<u8>, N>(
            entry,
            slopes,
            |value| Wrapping(value as u8),
            |x| Value::U32(u32::from(x.0)),
        );
    }
}

const WHOLE: &[i64] = &[
    0,
    1,
    2,
    3,
    5,
    100,
    200,
    255,
    -1,
    -2,
    -7,
    i32::MIN as i64,
    i32::MAX as i64,
    0x1234_5678_9abc,
    i64::MIN,
    i64::MAX,
];

/// The value and the derivatives of whole numbers, which are exact.
fn whole<Op, E, C, const N: usize>(
    entry: &Entry,
    slopes: bool,
    make: fn(i64) -> C,
    show: fn(C) -> Value,
) where
    E: volta::Num,
    C: Copy + PartialEq,
    Op: Elementwise<E, N> + Scalar<C, N>,
{
    let divides = matches!(entry.name, "div" | "remainder");
    let function = Op::wgsl();
    let module = compile(&function);
    let nothing = show(make(0));
    let slopes: Vec<_> = (0..if slopes { N } else { 0 })
        .map(|input| {
            let function = Op::vjp_wgsl(0, input);
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
        // Dividing by 0 panics on the CPU.
        if divides && N == 2 && x[1] == make(0) {
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
            let function = <Op as Elementwise<f32, N>>::vjp_wgsl(0, input);
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
    let function = Op::wgsl();
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
        let floats: Vec<_> = f32::numbers().iter().map(|&x| (x, Value::F32(x))).collect();
        predicate::<Op, f32, f32, N>(&floats);
        let floats: Vec<_> = f64::numbers().iter().map(|&x| (x, Value::F64(x))).collect();
        predicate::<Op, f64, f64, N>(&floats);
    }

    fn predicate_any<Op: AnyTest<N>, const N: usize>(&mut self, op: Op, entry: &Entry) {
        self.predicate_float(op, entry);
        self.predicate_bool(op, entry);
        let whole: Vec<_> = (WHOLE.iter())
            .map(|&x| (Wrapping(x), Value::I64(x)))
            .collect();
        predicate::<Op, i64, Wrapping<i64>, N>(&whole);
        let whole: Vec<_> = (WHOLE.iter())
            .map(|&x| (Wrapping(x as i32), Value::I32(x as i32)))
            .collect();
        predicate::<Op, i32, Wrapping<i32>, N>(&whole);
        let bytes: Vec<_> = (WHOLE.iter())
            .map(|&x| (Wrapping(x as u8), Value::U32(u32::from(x as u8))))
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
