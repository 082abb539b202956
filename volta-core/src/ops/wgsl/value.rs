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
    Literal(u64),
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
    fn bits(&self) -> Option<u64> {
        match self.op() {
            Op::Literal(bits) => Some(bits),
            _ => None,
        }
    }

    fn literal(&self, element: Element, bits: u64) -> Value {
        self.trace.value(element, Op::Literal(bits))
    }

    fn condition(&self, holds: bool) -> Value {
        self.literal(Element::Bool, u64::from(holds))
    }

    /// Whether it is known to be this number.
    fn is(&self, value: f64) -> bool {
        self.at == self.lit(value).at
    }

    fn is_nan(&self) -> bool {
        self.bits().is_some_and(|bits| match self.element {
            Element::F32 => f32::from_bits(bits as u32).is_nan(),
            Element::F64 => f64::from_bits(bits).is_nan(),
            _ => false,
        })
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

    /// A function of floats, computed here where the operands are known. The names are those for
    /// `f32` and for `f64`.
    fn function<const N: usize>(
        names: [&'static str; 2],
        operands: [&Value; N],
        known: impl Fn([f32; N]) -> f32,
        known_f64: impl Fn([f64; N]) -> f64,
    ) -> Value {
        let first = operands[0];
        let wide = first.element == Element::F64;
        if operands.iter().all(|operand| operand.bits().is_some()) {
            let bits = operands.map(|operand| operand.bits().unwrap_or(0));
            let bits = match wide {
                true => known_f64(bits.map(f64::from_bits)).to_bits(),
                false => known(bits.map(|bits| f32::from_bits(bits as u32)))
                    .to_bits()
                    .into(),
            };
            return first.literal(first.element, bits);
        }
        first.call(names[usize::from(wide)], &operands[1..], first.element)
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
            Element::F32 => {
                let (a, b) = (f32::from_bits(a as u32), f32::from_bits(b as u32));
                u64::from(apply(symbol, a, b).to_bits())
            }
            Element::F64 => apply(symbol, f64::from_bits(a), f64::from_bits(b)).to_bits(),
            Element::I32 => {
                let result = apply(symbol, Wrapping(a as i32), Wrapping(b as i32));
                u64::from(result.0 as u32)
            }
            Element::I64 => apply(symbol, Wrapping(a as i64), Wrapping(b as i64)).0 as u64,
            Element::U8 => u64::from(apply(symbol, Wrapping(a as u8), Wrapping(b as u8)).0),
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
            Element::F32 => {
                let (a, b) = (f32::from_bits(a as u32), f32::from_bits(b as u32));
                apply(symbol, a, b)
            }
            Element::F64 => apply(symbol, f64::from_bits(a), f64::from_bits(b)),
            Element::I32 => apply(symbol, Wrapping(a as i32), Wrapping(b as i32)),
            Element::I64 => apply(symbol, Wrapping(a as i64), Wrapping(b as i64)),
            Element::U8 | Element::Bool => apply(symbol, Wrapping(a as u8), Wrapping(b as u8)),
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
        let (is_nan, equal) = match self.element {
            Element::F64 => ("volta_is_nan_f64", "volta_eq_f64"),
            _ => ("volta_is_nan", "volta_eq"),
        };
        let float = self.element.is_float();
        if self.at == other.at {
            return match float {
                true => self.call(is_nan, &[], Element::Bool).not(),
                false => self.condition(true),
            };
        }
        if float && self.bits().is_none() && other.bits().is_none() {
            return self.call(equal, &[other], Element::Bool);
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
        if let Some(known) = self.arithmetic("-", &other) {
            return known;
        }
        // Drivers take it to be 0, which it is not of infinities and NaN.
        match self.element {
            Element::F32 if self.at == other.at => {
                self.call("volta_less_itself", &[], self.element)
            }
            Element::F64 if self.at == other.at => {
                self.call("volta_less_itself_f64", &[], self.element)
            }
            _ => self.infix("-", &other, self.element).wrapped(),
        }
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
        let by_zero = !self.element.is_float() && other.is(0.0);
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
        if !self.element.is_float() && other.is(0.0) {
            return other;
        }
        self.arithmetic("%", &other)
            .unwrap_or_else(|| match self.element {
                Element::F32 => self.call("volta_fmod", &[&other], self.element),
                Element::F64 => self.call("volta_fmod_f64", &[&other], self.element),
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
            Element::F32 => u64::from((value as f32).to_bits()),
            Element::F64 => value.to_bits(),
            Element::I32 => u64::from(value as i32 as u32),
            Element::I64 => value as i64 as u64,
            Element::U8 => u64::from(value as u8),
            Element::Bool => u64::from(value != 0.0),
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
        let bits = match (self.element, self.bits()) {
            (Element::U8 | Element::Bool, _) => return self,
            (_, None) => return self.call("abs", &[], self.element),
            (Element::F32, Some(bits)) => bits & (u64::MAX >> 33),
            (Element::F64, Some(bits)) => bits & (u64::MAX >> 1),
            (Element::I32, Some(bits)) => u64::from((bits as i32).unsigned_abs()),
            (Element::I64, Some(bits)) => (bits as i64).unsigned_abs(),
        };
        self.literal(self.element, bits)
    }
}

macro_rules! real {
    (builtin { $($builtin:ident)* } library { $($method:ident)* } binary { $($binary:ident)* }) => {
        impl Real for Value {
            $(fn $builtin(self) -> Value {
                let names = [stringify!($builtin); 2];
                Value::function(names, [&self], |[x]| Real::$builtin(x), |[x]| Real::$builtin(x))
            })*
            $(fn $method(self) -> Value {
                let names = real!(names $method);
                Value::function(names, [&self], |[x]| Real::$method(x), |[x]| Real::$method(x))
            })*
            $(fn $binary(self, other: Value) -> Value {
                let names = real!(names $binary);
                let operands = [&self, &other];
                Value::function(
                    names,
                    operands,
                    |[a, b]| Real::$binary(a, b),
                    |[a, b]| Real::$binary(a, b),
                )
            })*
        }
    };
    (names $method:ident) => {
        [
            concat!("volta_", stringify!($method)),
            concat!("volta_", stringify!($method), "_f64"),
        ]
    };
}
real! {
    builtin { sqrt floor ceil round trunc }
    library {
        exp exp2 expm1 ln log2 log10 log1p
        sin cos tan asin acos atan
        sinh cosh tanh asinh acosh atanh
        erf erfc
    }
    binary { pow atan2 hypot }
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
            Element::I64 => "volta_shl_i64",
            _ => "volta_shl_i32",
        };
        self.call(name, &[&other], self.element)
    }
    fn shr(self, other: Value) -> Value {
        let name = match self.element {
            Element::U8 => "volta_shr_u8",
            Element::I64 => "volta_shr_i64",
            _ => "volta_shr_i32",
        };
        self.call(name, &[&other], self.element)
    }
}
