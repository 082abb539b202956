//! The graph computed in `f64`.

use super::super::graph::{Comparison, Graph, Id, Node, Op};
use super::super::intrinsics::Intrinsic;
use std::collections::HashMap;

#[derive(Clone, Copy)]
enum Value {
    Number(f64),
    Mask(bool),
}

/// The number at `root`, given the arguments and the output.
pub(super) fn number(graph: &Graph, root: Id, args: &[f64], y: f64) -> f64 {
    let mut values: HashMap<Id, Value> = HashMap::new();
    for id in graph.reachable(&[root]) {
        let number = |id: &Id| match values[id] {
            Value::Number(number) => number,
            Value::Mask(_) => panic!("a condition where a number should be"),
        };
        let mask = |id: &Id| match values[id] {
            Value::Mask(mask) => mask,
            Value::Number(_) => panic!("a number where a condition should be"),
        };
        let value = match graph.get(id) {
            Node::Literal(bits) => Value::Number(f64::from_bits(*bits)),
            Node::Constant(index) => {
                let path = &graph.constants[*index];
                Value::Number(constant(&path.segments.last().unwrap().ident.to_string()))
            }
            Node::Argument(index) => Value::Number(args[*index]),
            Node::Output => Value::Number(y),
            Node::Neg(a) => Value::Number(-number(a)),
            Node::Binary(op, a, b) => Value::Number(operation(*op, number(a), number(b))),
            Node::Compare(comparison, a, b) => Value::Mask(match comparison {
                Comparison::Lt => number(a) < number(b),
                Comparison::Le => number(a) <= number(b),
                Comparison::Eq => number(a) == number(b),
            }),
            Node::And(a, b) => Value::Mask(mask(a) && mask(b)),
            Node::Or(a, b) => Value::Mask(mask(a) || mask(b)),
            Node::Not(a) => Value::Mask(!mask(a)),
            Node::Select(condition, yes, no) => match mask(condition) {
                true => values[yes],
                false => values[no],
            },
            Node::Intrinsic(f, args) => {
                let args: Vec<f64> = args.iter().map(number).collect();
                Value::Number(intrinsic(*f, &args))
            }
            node => panic!("{node:?} is not computed here"),
        };
        values.insert(id, value);
    }
    match values[&root] {
        Value::Number(number) => number,
        Value::Mask(mask) => f64::from(u8::from(mask)),
    }
}

fn operation(op: Op, a: f64, b: f64) -> f64 {
    match op {
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div => a / b,
        Op::Rem => a % b,
        op => panic!("{op:?} is of whole numbers"),
    }
}

fn constant(name: &str) -> f64 {
    use std::f64::consts;
    match name {
        "PI" => consts::PI,
        "LN_2" => consts::LN_2,
        "LOG2_E" => consts::LOG2_E,
        "LOG10_E" => consts::LOG10_E,
        "FRAC_1_SQRT_2" => consts::FRAC_1_SQRT_2,
        "FRAC_2_SQRT_PI" => consts::FRAC_2_SQRT_PI,
        name => panic!("{name} is not known here"),
    }
}

fn intrinsic(f: Intrinsic, args: &[f64]) -> f64 {
    let x = args[0];
    match f.name() {
        "abs" => x.abs(),
        "exp" => x.exp(),
        "exp2" => x.exp2(),
        "expm1" => x.exp_m1(),
        "ln" => x.ln(),
        "log2" => x.log2(),
        "log10" => x.log10(),
        "log1p" => x.ln_1p(),
        "sqrt" => x.sqrt(),
        "sin" => x.sin(),
        "cos" => x.cos(),
        "tan" => x.tan(),
        "asin" => x.asin(),
        "acos" => x.acos(),
        "atan" => x.atan(),
        "sinh" => x.sinh(),
        "cosh" => x.cosh(),
        "tanh" => x.tanh(),
        "asinh" => x.asinh(),
        "acosh" => x.acosh(),
        "atanh" => x.atanh(),
        "erf" => erf(x),
        "erfc" => 1.0 - erf(x),
        "floor" => x.floor(),
        "ceil" => x.ceil(),
        "round" => x.round_ties_even(),
        "trunc" => x.trunc(),
        "pow" => x.powf(args[1]),
        "atan2" => x.atan2(args[1]),
        "hypot" => x.hypot(args[1]),
        name => panic!("{name} is not known here"),
    }
}

/// The error function by its series.
fn erf(x: f64) -> f64 {
    let mut power = x;
    let mut sum = x;
    for n in 1..200 {
        power *= -x * x / f64::from(n);
        sum += power / f64::from(2 * n + 1);
    }
    sum * std::f64::consts::FRAC_2_SQRT_PI
}
