//! A scalar that remembers how it was computed.

use std::cell::RefCell;
use std::collections::HashMap;
use std::num::Wrapping;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::rc::Rc;

use crate::ops::scalar::{Bits, Mask, Ordered, Real, Ring};
use crate::ops::wgsl::{Argument, Element};

/// What a node computes; operands are positions of earlier nodes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    Argument(Argument),
    /// The bits of a number or condition.
    Literal(u32),
    Prefix(&'static str, usize),
    Infix(&'static str, usize, usize),
    /// A builtin of WGSL, or a function of the library.
    Call(&'static str, Vec<usize>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub(super) element: Element,
    pub(super) op: Op,
}

/// The nodes of one function, each before those that use it and none twice.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    places: HashMap<Node, usize>,
}

/// The recording of one function.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace(pub(super) Rc<RefCell<Graph>>);

impl Trace {
    pub(super) fn argument(&self, argument: Argument, element: Element) -> Value {
        self.value(element, Op::Argument(argument))
    }

    fn value(&self, element: Element, op: Op) -> Value {
        let node = Node { element, op };
        let mut graph = self.0.borrow_mut();
        let at = graph.places.get(&node).copied().unwrap_or_else(|| {
            let at = graph.nodes.len();
            graph.nodes.push(node.clone());
            graph.places.insert(node.clone(), at);
            at
        });
        Value {
            trace: self.clone(),
            at,
            element,
        }
    }
}

/// A number, or a condition, of a function that is being traced.
#[derive(Clone, Debug)]
pub struct Value {
    trace: Trace,
    pub(super) at: usize,
    element: Element,
}

impl Value {
    fn op(&self) -> Op {
        self.trace.0.borrow().nodes[self.at].op.clone()
    }

    /// The bits, if it is known.
    fn bits(&self) -> Option<u32> {
        match self.op() {
            Op::Literal(bits) => Some(bits),
            _ => None,
        }
    }

    fn literal(&self, element: Element, bits: u32) -> Value {
        self.trace.value(element, Op::Literal(bits))
    }

    fn condition(&self, holds: bool) -> Value {
        self.literal(Element::Bool, u32::from(holds))
    }

    /// Whether it is known to be this number.
    fn is(&self, value: f64) -> bool {
        self.at == self.lit(value).at
    }

    fn is_nan(&self) -> bool {
        let nan = |bits| f32::from_bits(bits).is_nan();
        self.element == Element::F32 && self.bits().is_some_and(nan)
    }

    fn prefix(&self, symbol: &'static str) -> Value {
        self.trace.value(self.element, Op::Prefix(symbol, self.at))
    }

    fn infix(&self, symbol: &'static str, other: &Value, element: Element) -> Value {
        self.trace
            .value(element, Op::Infix(symbol, self.at, other.at))
    }

    fn call(&self, name: &'static str, rest: &[&Value], element: Element) -> Value {
        let operands = std::iter::once(self.at).chain(rest.iter().map(|value| value.at));
        self.trace
            .value(element, Op::Call(name, operands.collect()))
    }

    /// A function of floats, computed here where the operands are known.
    fn function<const N: usize>(
        name: &'static str,
        operands: [&Value; N],
        known: impl Fn([f32; N]) -> f32,
    ) -> Value {
        let first = operands[0];
        if operands.iter().all(|operand| operand.bits().is_some()) {
            let operands = operands.map(|operand| f32::from_bits(operand.bits().unwrap_or(0)));
            return first.literal(Element::F32, known(operands).to_bits());
        }
        first.call(name, &operands[1..], Element::F32)
    }

    /// What both operands being known says of an operation.
    fn arithmetic(&self, symbol: &'static str, other: &Value) -> Option<Value> {
        fn apply<T: Ring>(symbol: &str, a: T, b: T) -> T {
            match symbol {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                _ => a % b,
            }
        }
        let (a, b) = (self.bits()?, other.bits()?);
        let bits = match self.element {
            Element::F32 => apply(symbol, f32::from_bits(a), f32::from_bits(b)).to_bits(),
            Element::I32 => apply(symbol, Wrapping(a as i32), Wrapping(b as i32)).0 as u32,
            Element::U8 => u32::from(apply(symbol, Wrapping(a as u8), Wrapping(b as u8)).0),
            Element::Bool => return None,
        };
        Some(self.literal(self.element, bits))
    }

    /// What both operands being known says of a comparison.
    fn compare(&self, symbol: &'static str, other: &Value) -> Option<Value> {
        fn apply<T: Ordered<Mask = bool>>(symbol: &str, a: T, b: T) -> bool {
            match symbol {
                "<" => a.lt(&b),
                "<=" => a.le(&b),
                _ => a.eq(&b),
            }
        }
        if self.is_nan() || other.is_nan() {
            return Some(self.condition(false));
        }
        let (a, b) = (self.bits()?, other.bits()?);
        let holds = match self.element {
            Element::F32 => apply(symbol, f32::from_bits(a), f32::from_bits(b)),
            Element::I32 => apply(symbol, a as i32 as f64, b as i32 as f64),
            Element::U8 | Element::Bool => apply(symbol, f64::from(a), f64::from(b)),
        };
        Some(self.condition(holds))
    }

    /// A `u32` as the `u8` that it stands for.
    fn wrapped(self) -> Value {
        match self.element {
            Element::U8 => self.infix("&", &self.literal(Element::U8, 255), Element::U8),
            _ => self,
        }
    }
}

impl Mask for Value {
    fn and(self, other: Value) -> Value {
        match (self.bits(), other.bits()) {
            (Some(0), _) | (_, Some(1)) => self,
            (Some(_), _) | (_, Some(_)) => other,
            _ => self.infix("&", &other, Element::Bool),
        }
    }
    fn or(self, other: Value) -> Value {
        match (self.bits(), other.bits()) {
            (Some(1), _) | (_, Some(0)) => self,
            (Some(_), _) | (_, Some(_)) => other,
            _ => self.infix("|", &other, Element::Bool),
        }
    }
    fn not(self) -> Value {
        match self.bits() {
            Some(bits) => self.condition(bits == 0),
            None => self.prefix("!"),
        }
    }
}

impl Ordered for Value {
    type Mask = Value;

    fn lt(&self, other: &Value) -> Value {
        if self.at == other.at {
            return self.condition(false);
        }
        self.compare("<", other)
            .unwrap_or_else(|| match self.element {
                Element::Bool => self.clone().not().and(other.clone()),
                _ => self.infix("<", other, Element::Bool),
            })
    }

    fn le(&self, other: &Value) -> Value {
        if self.at == other.at {
            return self.eq(other);
        }
        self.compare("<=", other)
            .unwrap_or_else(|| match self.element {
                Element::Bool => self.clone().not().or(other.clone()),
                _ => self.infix("<=", other, Element::Bool),
            })
    }

    // Drivers take a number to equal itself: what may be NaN is told by its bits.
    fn eq(&self, other: &Value) -> Value {
        if let Some(known) = self.compare("==", other) {
            return known;
        }
        let float = self.element == Element::F32;
        if self.at == other.at {
            return match float {
                true => self.call("volta_is_nan", &[], Element::Bool).not(),
                false => self.condition(true),
            };
        }
        if float && self.bits().is_none() && other.bits().is_none() {
            return self.call("volta_eq", &[other], Element::Bool);
        }
        self.infix("==", other, Element::Bool)
    }
}

impl Add for Value {
    type Output = Value;
    fn add(self, other: Value) -> Value {
        self.arithmetic("+", &other)
            .unwrap_or_else(|| self.infix("+", &other, self.element).wrapped())
    }
}

impl Sub for Value {
    type Output = Value;
    fn sub(self, other: Value) -> Value {
        self.arithmetic("-", &other)
            .unwrap_or_else(|| self.infix("-", &other, self.element).wrapped())
    }
}

impl Mul for Value {
    type Output = Value;
    fn mul(self, other: Value) -> Value {
        let signed = self.element != Element::U8;
        match self.arithmetic("*", &other) {
            Some(known) => known,
            None if other.is(1.0) => self,
            None if self.is(1.0) => other,
            None if signed && other.is(-1.0) => -self,
            None if signed && self.is(-1.0) => -other,
            None => self.infix("*", &other, self.element).wrapped(),
        }
    }
}

// WGSL refuses a whole number over a 0 that is written there. What it does with one that it meets
// later is done here: `x / 0` is `x`, `x % 0` is 0.
impl Div for Value {
    type Output = Value;
    fn div(self, other: Value) -> Value {
        let by_zero = self.element != Element::F32 && other.is(0.0);
        if by_zero || other.is(1.0) {
            return self;
        }
        self.arithmetic("/", &other)
            .unwrap_or_else(|| self.infix("/", &other, self.element))
    }
}

impl Rem for Value {
    type Output = Value;
    fn rem(self, other: Value) -> Value {
        if self.element != Element::F32 && other.is(0.0) {
            return other;
        }
        self.arithmetic("%", &other)
            .unwrap_or_else(|| match self.element {
                Element::F32 => self.call("volta_fmod", &[&other], Element::F32),
                _ => self.infix("%", &other, self.element),
            })
    }
}

impl Neg for Value {
    type Output = Value;
    fn neg(self) -> Value {
        if self.element == Element::U8 {
            return self.lit(0.0) - self;
        }
        match (self.bits(), self.op()) {
            (Some(_), _) => self.lit(-1.0) * self,
            (None, Op::Prefix("-", at)) => Value { at, ..self },
            _ => self.prefix("-"),
        }
    }
}

impl Ring for Value {
    fn lit(&self, value: f64) -> Value {
        let bits = match self.element {
            Element::F32 => (value as f32).to_bits(),
            Element::I32 => value as i32 as u32,
            Element::U8 => u32::from(value as u8),
            Element::Bool => u32::from(value != 0.0),
        };
        self.literal(self.element, bits)
    }

    fn select(mask: Value, yes: Value, no: Value) -> Value {
        match mask.bits() {
            Some(0) => no,
            Some(_) => yes,
            None if yes.at == no.at => yes,
            None => no.call("select", &[&yes, &mask], no.element),
        }
    }

    fn abs(self) -> Value {
        match (self.element, self.bits()) {
            (Element::F32 | Element::I32, None) => self.call("abs", &[], self.element),
            (Element::F32, Some(bits)) => self.literal(Element::F32, bits & 0x7fff_ffff),
            (Element::I32, Some(bits)) => {
                self.literal(Element::I32, (bits as i32).wrapping_abs() as u32)
            }
            _ => self,
        }
    }
}

macro_rules! real {
    ($($method:ident $name:literal)* ; $($method2:ident $name2:literal)*) => {
        impl Real for Value {
            $(fn $method(self) -> Value {
                Value::function($name, [&self], |[x]| Real::$method(x))
            })*
            $(fn $method2(self, other: Value) -> Value {
                Value::function($name2, [&self, &other], |[a, b]| Real::$method2(a, b))
            })*
        }
    };
}
real! {
    exp "volta_exp" exp2 "volta_exp2" expm1 "volta_expm1"
    ln "volta_ln" log2 "volta_log2" log10 "volta_log10" log1p "volta_log1p" sqrt "sqrt"
    sin "volta_sin" cos "volta_cos" tan "volta_tan"
    asin "volta_asin" acos "volta_acos" atan "volta_atan"
    sinh "volta_sinh" cosh "volta_cosh" tanh "volta_tanh"
    asinh "volta_asinh" acosh "volta_acosh" atanh "volta_atanh"
    erf "volta_erf" erfc "volta_erfc"
    floor "floor" ceil "ceil" round "round" trunc "trunc";
    pow "volta_pow" atan2 "volta_atan2" hypot "volta_hypot"
}

impl Bits for Value {
    fn bit_and(self, other: Value) -> Value {
        self.infix("&", &other, self.element)
    }
    fn bit_or(self, other: Value) -> Value {
        self.infix("|", &other, self.element)
    }
    fn bit_xor(self, other: Value) -> Value {
        self.infix("^", &other, self.element)
    }
    fn bit_not(self) -> Value {
        match self.element {
            Element::U8 => self.infix("^", &self.literal(Element::U8, 255), Element::U8),
            _ => self.prefix("~"),
        }
    }
    fn shl(self, other: Value) -> Value {
        let name = match self.element {
            Element::U8 => "volta_shl_u8",
            _ => "volta_shl_i32",
        };
        self.call(name, &[&other], self.element)
    }
    fn shr(self, other: Value) -> Value {
        let name = match self.element {
            Element::U8 => "volta_shr_u8",
            _ => "volta_shr_i32",
        };
        self.call(name, &[&other], self.element)
    }
}
