//! Derivatives against differences.

use super::super::function::Function;
use super::super::intrinsics::Intrinsic;
use super::interpret::number;
use super::{Compiled, compile, interpret};

/// Numbers that look random (Knuth's MMIX generator).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = (self.0)
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        self.0 >> 33
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() as f64 / (1u64 << 31) as f64)
    }
}

/// The difference quotient, where it settles.
fn difference(f: impl Fn(f64) -> f64, at: f64) -> Option<f64> {
    let quotient = |h: f64| (f(at + h) - f(at - h)) / (2.0 * h);
    let (wide, narrow) = (quotient(2e-5), quotient(1e-5));
    let settles = (wide - narrow).abs() <= 1e-7 * narrow.abs().max(1.0);
    (settles && narrow.is_finite()).then_some(narrow)
}

/// Compares every derivative at random places; gives how many were compared.
fn check(source: &str, function: &Function, compiled: &Compiled, (low, high): (f64, f64)) -> usize {
    let mut random = Random(1);
    let count = function.arguments().count();
    let inputs = function.inputs.len();
    let (reads_inputs, reads_output) = compiled.saves;
    let mut compared = 0;
    for _ in 0..25 {
        let args: Vec<f64> = (0..count).map(|_| random.within(low, high)).collect();
        for (value, partials) in compiled.values.iter().zip(&compiled.partials) {
            let y = number(&compiled.graph, *value, &args, f64::NAN);
            if !y.is_finite() || y.abs() > 1e4 {
                continue;
            }
            for (argument, partial) in partials.iter().enumerate() {
                let shifted = |at: f64| {
                    let mut args = args.clone();
                    args[argument] = at;
                    number(&compiled.graph, *value, &args, f64::NAN)
                };
                let Some(want) = difference(shifted, args[argument]) else {
                    continue;
                };
                // What is not saved is not there.
                let mut saved = args.clone();
                let mut y = y;
                if argument < inputs && !reads_inputs {
                    saved[..inputs].fill(f64::NAN);
                }
                if argument < inputs && !reads_output {
                    y = f64::NAN;
                }
                let got = number(&compiled.graph, *partial, &saved, y);
                let off = (got - want).abs();
                assert!(
                    off <= 1e-5 * want.abs().max(1.0),
                    "{source}\nby argument {argument} at {args:?}: {got}, not {want}"
                );
                compared += 1;
            }
        }
    }
    compared
}

fn assert_derivative(source: &str, domain: (f64, f64)) {
    let (function, compiled) = compile(source);
    let compared = check(source, &function, &compiled, domain);
    assert!(compared > 10, "{source}: {compared} compared");
}

#[test]
fn derivatives_are_those_of_the_function() {
    let any = (-3.0, 3.0);
    let positive = (0.2, 4.0);
    for (source, domain) in [
        (
            "fn sigmoid(x: Float) -> Float { 1.0 / (1.0 + exp(-x)) }",
            any,
        ),
        ("fn silu(x: Float) -> Float { x / (1.0 + exp(-x)) }", any),
        (
            "fn flipped(x: Float) -> Float { 3.0 / (exp(2.0 * x) + 0.5) }",
            any,
        ),
        ("fn softplus(x: Float) -> Float { ln(1.0 + exp(x)) }", any),
        (
            "fn mish(x: Float) -> Float { x * tanh(log1p(exp(x))) }",
            any,
        ),
        (
            "fn gelu(x: Float) -> Float {
                0.5 * x * (1.0 + erf(x * std::f64::consts::FRAC_1_SQRT_2))
            }",
            any,
        ),
        (
            "fn gelu_tanh(x: Float) -> Float {
                let inner = (2.0 / PI).sqrt() * (x + 0.044715 * x.pow(3.0));
                0.5 * x * (1.0 + inner.tanh())
            }",
            any,
        ),
        (
            "fn snake(x: Float, a: f64) -> Float { let s = sin(a * x); x + s * s / a }",
            positive,
        ),
        (
            "fn length(a: Float, b: Float) -> Float { sqrt(a * a + b * b) }",
            any,
        ),
        (
            "fn lerp(a: Float, b: Float, t: Float) -> Float { a + t * (b - a) }",
            any,
        ),
        (
            "fn power(a: Float, b: Float) -> Float { pow(a, b) + a.pow(2.5) + 2.0.pow(b) }",
            positive,
        ),
        ("fn cube(x: Num) -> Num { x * x * x - 2 * x * x + 7 }", any),
        (
            "fn ratio(a: Num, b: Num) -> Num { (a - b) / (a + b) }",
            positive,
        ),
        ("fn remainder(a: Num, b: Num) -> Num { a % b }", positive),
        ("fn rsqrt(x: Float) -> Float { 1.0 / sqrt(x) }", positive),
        (
            "fn celu(x: Float, a: f64) -> Float { if x > 0.0 { x } else { a * expm1(x / a) } }",
            positive,
        ),
        (
            "fn pieces(x: Float, y: Float) -> Float {
                let s = if x < -1.0 { x * y } else if x < y { sin(x) * y } else { x - y * y };
                if y < 0.5 && !(x > 2.0) { s * s } else { s / (1.0 + y * y) }
            }",
            any,
        ),
        (
            "fn both(x: Float, y: Float) -> (Float, Float) { (x * sin(y), exp(x) * exp(x) * y) }",
            any,
        ),
        (
            "fn shadowed(x: Float) -> Float { let x = x * x; let x = x + sin(x); x * x }",
            any,
        ),
        (
            "fn scaled(x: Float) -> Float { 3.0 * (0.5 * x) - x / 4.0 - -x + 2.0 * sin(x) * 5.0 }",
            any,
        ),
        (
            "fn nested(x: Float) -> Float { select(x > 0.0, select(x > 1.0, x, x * x), -x) * x }",
            any,
        ),
    ] {
        assert_derivative(source, domain);
    }
}

#[test]
fn the_rules_are_those_of_the_intrinsics() {
    for name in Intrinsic::names() {
        let arguments = Intrinsic::find(name).unwrap().arguments();
        let parameters: Vec<String> = arguments.iter().map(|a| format!("{a}: Float")).collect();
        let source = format!(
            "fn f({}) -> Float {{ {name}({}) }}",
            parameters.join(", "),
            arguments.join(", ")
        );
        let domain = match name {
            "acosh" => (1.1, 4.0),
            "asin" | "acos" | "atanh" => (-0.9, 0.9),
            _ => (0.2, 3.0),
        };
        assert_derivative(&source, domain);
    }
}

/// An expression of `a`, `b` and `c`.
fn expression(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return match random.below(6) {
            0 => "2.0".into(),
            1 => "-0.5".into(),
            2 => "1.0".into(),
            3 => "a".into(),
            4 => "b".into(),
            _ => "c".into(),
        };
    }
    let mut part = || expression(random, depth - 1);
    let (p, q, r, s) = (part(), part(), part(), part());
    match random.below(18) {
        0 | 1 => format!("({p} + {q})"),
        2 | 3 => format!("({p} - {q})"),
        4 | 5 => format!("({p} * {q})"),
        6 => format!("({p} / (1.5 + {q} * {q}))"),
        7 => format!("-({p})"),
        8 => format!("tanh({p})"),
        9 => format!("sin({p})"),
        10 => format!("sqrt(1.0 + {p} * {p})"),
        11 => format!("(if {p} < {q} {{ {r} }} else {{ {s} }})"),
        12 => format!("(if {p} <= {q} && !({q} == {r}) {{ {s} }} else {{ 0.0 }})"),
        13 => format!("({q} / (1.0 + exp({p})))"),
        14 => format!("abs({p})"),
        15 => format!("pow(1.0 + abs({p}), 1.7)"),
        16 => format!("({{ let v = {p}; v * v - {q} * v }})"),
        _ => format!("(1.0 / (2.0 + cos({p})))"),
    }
}

#[test]
fn derivatives_of_random_expressions_are_right() {
    let mut random = Random(1);
    let mut compared = 0;
    for _ in 0..80 {
        let body = expression(&mut random, 3);
        let source =
            format!("fn f(a: Float, b: Float, c: f64) -> Float {{ {body} + 0.25 * a * b * c }}");
        let (function, compiled) = compile(&source);
        compared += check(&source, &function, &compiled, (-2.0, 2.0));
    }
    assert!(compared > 2_000, "{compared} compared");
}

#[test]
fn a_derivative_reads_no_more_than_it_needs() {
    for (source, saves) in [
        ("fn f(a: Num, b: Num) -> Num { a - b }", (false, false)),
        ("fn f(x: Float, a: f64) -> Float { a * x }", (false, false)),
        ("fn f(x: Float) -> Float { floor(x) }", (false, false)),
        ("fn f(x: Float) -> Float { ln(x) }", (true, false)),
        ("fn f(a: Num, b: Num) -> Num { a / b }", (true, false)),
        ("fn f(x: Float) -> Float { tanh(x) }", (false, true)),
        ("fn f(x: Float) -> Float { 1.0 / x }", (false, true)),
        ("fn f(x: Float) -> Float { 1.0 / sqrt(x) }", (false, true)),
        (
            "fn f(x: Float) -> Float { 1.0 / (1.0 + exp(-x)) }",
            (false, true),
        ),
        ("fn f(x: Float) -> Float { exp(-2.0 * x) }", (false, true)),
        (
            "fn f(a: Float, b: Float) -> Float { pow(a, b) }",
            (true, true),
        ),
        (
            "fn f(x: Float) -> Float { x / (1.0 + exp(-x)) }",
            (true, false),
        ),
        (
            "#[derivative(x = y)] fn f(x: Float) -> Float { ln(x) }",
            (false, true),
        ),
    ] {
        assert_eq!(compile(source).1.saves, saves, "{source}");
    }
}

#[test]
fn a_derivative_that_is_written_is_taken() {
    let (_, compiled) =
        compile("#[derivative(x = 2.0 * y + a)] fn f(x: Float, a: f64) -> Float { x * a }");
    let partial = |argument: usize| {
        interpret::number(
            &compiled.graph,
            compiled.partials[0][argument],
            &[3.0, 5.0],
            15.0,
        )
    };
    assert_eq!(partial(0), 35.0);
    assert_eq!(partial(1), 3.0);
}

#[test]
fn the_gradient_of_an_infinite_exponential_is_finite() {
    let (_, compiled) = compile("fn silu(x: Float) -> Float { x / (1.0 + exp(-x)) }");
    let slope = number(
        &compiled.graph,
        compiled.partials[0][0],
        &[-1000.0],
        f64::NAN,
    );
    assert_eq!(slope, 0.0);
}

#[test]
fn an_arm_that_is_not_taken_does_not_spoil_the_gradient() {
    let (_, compiled) = compile("fn f(x: Float) -> Float { if x > 0.0 { sqrt(x) } else { 0.0 } }");
    let slope = number(&compiled.graph, compiled.partials[0][0], &[-4.0], f64::NAN);
    assert_eq!(slope, 0.0);
}
