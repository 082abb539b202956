//! The nodes of the graph, simplified where they are made.

use super::graph::{Comparison, Graph, Id, Mode, Node, Op};
use super::intrinsics::Intrinsic;

impl Graph {
    fn is_loose(&self) -> bool {
        self.mode == Mode::Loose
    }

    /// What an operation on literals gives, where it may be computed here.
    fn folded(&mut self, op: Op, a: Id, b: Id) -> Option<Id> {
        let (a, b) = (self.value(a)?, self.value(b)?);
        let value = match op {
            _ if self.mode == Mode::Whole => return None,
            Op::Add => a + b,
            Op::Sub => a - b,
            Op::Mul => a * b,
            Op::Div => a / b,
            _ => return None,
        };
        value.is_finite().then(|| self.literal(value))
    }

    pub(super) fn neg(&mut self, a: Id) -> Id {
        match *self.get(a) {
            Node::Literal(_) if self.mode != Mode::Whole => {
                let value = self.value(a).expect("a literal");
                return self.literal(-value);
            }
            Node::Neg(a) => return a,
            _ if !self.is_loose() => return self.node(Node::Neg(a)),
            Node::Binary(Op::Sub, left, right) => return self.sub(right, left),
            Node::Select(mask, yes, no) if self.has_zero_arm(a) => {
                let (yes, no) = (self.neg(yes), self.neg(no));
                return self.select(mask, yes, no);
            }
            _ => {}
        }
        let minus = self.literal(-1.0);
        self.scale(minus, a)
    }

    pub(super) fn add(&mut self, a: Id, b: Id) -> Id {
        if let Some(sum) = self.folded(Op::Add, a, b) {
            return sum;
        }
        if !self.is_loose() {
            return self.node(Node::Binary(Op::Add, a, b));
        }
        if self.is(a, 0.0) {
            return b;
        }
        if self.is(b, 0.0) {
            return a;
        }
        if let (Some((mask, a1, a2)), Some((other, b1, b2))) = (self.arms(a), self.arms(b))
            && mask == other
        {
            let (yes, no) = (self.add(a1, b1), self.add(a2, b2));
            return self.select(mask, yes, no);
        }
        if let Some(merged) = self.merged(a, b) {
            return merged;
        }
        if let &Node::Binary(Op::Add, p, q) = self.get(a)
            && !self.is_written(a)
        {
            if let Some(merged) = self.merged(q, b) {
                return self.add(p, merged);
            }
            if let Some(merged) = self.merged(p, b) {
                return self.add(merged, q);
            }
        }
        let ((times_a, rest_a), (times_b, rest_b)) = (self.split(a), self.split(b));
        if self.value(times_b).is_some_and(|times| times < 0.0) {
            let times = self.neg(times_b);
            let b = self.scale(times, rest_b);
            return self.difference(a, b);
        }
        if self.value(times_a).is_some_and(|times| times < 0.0) {
            let times = self.neg(times_a);
            let a = self.scale(times, rest_a);
            return self.difference(b, a);
        }
        self.commutative(Op::Add, a, b)
    }

    /// The condition and the arms of a selection, or of one with a sign before it.
    fn arms(&mut self, id: Id) -> Option<(Id, Id, Id)> {
        match *self.get(id) {
            Node::Select(mask, yes, no) => Some((mask, yes, no)),
            Node::Neg(a) => match *self.get(a) {
                Node::Select(mask, yes, no) => Some((mask, self.neg(yes), self.neg(no))),
                _ => None,
            },
            _ => None,
        }
    }

    /// `c * a + d * a` as `(c + d) * a`, and `c * a + c * b` as `c * (a + b)`.
    fn merged(&mut self, a: Id, b: Id) -> Option<Id> {
        let ((times_a, rest_a), (times_b, rest_b)) = (self.split(a), self.split(b));
        if rest_a == rest_b {
            let times = match self.folded(Op::Add, times_a, times_b) {
                Some(times) => times,
                None => self.commutative(Op::Add, times_a, times_b),
            };
            return Some(self.scale(times, rest_a));
        }
        if times_a == times_b && !self.is(times_a, 1.0) && !self.is(times_a, -1.0) {
            let rest = self.add(rest_a, rest_b);
            return Some(self.scale(times_a, rest));
        }
        None
    }

    fn difference(&mut self, a: Id, b: Id) -> Id {
        if let Some(difference) = self.folded(Op::Sub, a, b) {
            return difference;
        }
        if let &Node::Binary(Op::Sub, left, right) = self.get(b)
            && (left == a || self.value(left).is_some() && self.value(a).is_some())
        {
            let rest = self.sub(a, left);
            return self.add(rest, right);
        }
        self.node(Node::Binary(Op::Sub, a, b))
    }

    pub(super) fn sub(&mut self, a: Id, b: Id) -> Id {
        if let Some(difference) = self.folded(Op::Sub, a, b) {
            return difference;
        }
        if a == b && self.is_loose() {
            return self.literal(0.0);
        }
        if self.is(b, 0.0) {
            return a;
        }
        if !self.is_loose() {
            return self.node(Node::Binary(Op::Sub, a, b));
        }
        if let Some(known) = self.find(&Node::Binary(Op::Sub, a, b)) {
            return known;
        }
        if self.is(a, 0.0) {
            return self.neg(b);
        }
        if matches!(self.get(b), Node::Binary(Op::Sub | Op::Add, ..)) {
            return self.difference(a, b);
        }
        let b = self.neg(b);
        self.add(a, b)
    }

    pub(super) fn mul(&mut self, a: Id, b: Id) -> Id {
        if let Some(product) = self.folded(Op::Mul, a, b) {
            return product;
        }
        if self.is(a, 1.0) {
            return b;
        }
        if self.is(b, 1.0) {
            return a;
        }
        if !self.is_loose() {
            return self.node(Node::Binary(Op::Mul, a, b));
        }
        if self.is(a, 0.0) || self.is(b, 0.0) {
            return self.literal(0.0);
        }
        for (factor, other) in [(a, b), (b, a)] {
            match *self.get(factor) {
                Node::Select(mask, yes, no) if self.has_zero_arm(factor) => {
                    let (yes, no) = (self.mul(yes, other), self.mul(no, other));
                    return self.select(mask, yes, no);
                }
                Node::Binary(Op::Div, left, right)
                    if self.is_constant(left)
                        && !self.is_constant(other)
                        && !self.is_written(factor) =>
                {
                    let left = self.mul(left, other);
                    return self.div(left, right);
                }
                _ => {}
            }
        }
        let ((times_a, rest_a), (times_b, rest_b)) = (self.split(a), self.split(b));
        let times = self.constant_product(times_a, times_b);
        let rest = match (self.is(rest_a, 1.0), self.is(rest_b, 1.0)) {
            (true, _) => rest_b,
            (_, true) => rest_a,
            _ => self.commutative(Op::Mul, rest_a, rest_b),
        };
        self.scale(times, rest)
    }

    pub(super) fn div(&mut self, a: Id, b: Id) -> Id {
        if let Some(quotient) = self.folded(Op::Div, a, b) {
            return quotient;
        }
        if self.is(b, 1.0) {
            return a;
        }
        if !self.is_loose() {
            return self.node(Node::Binary(Op::Div, a, b));
        }
        if self.is(a, 0.0) {
            return a;
        }
        match (self.get(a).clone(), self.get(b).clone()) {
            (Node::Neg(a), _) => {
                let quotient = self.div(a, b);
                self.neg(quotient)
            }
            (_, Node::Neg(b)) => {
                let quotient = self.div(a, b);
                self.neg(quotient)
            }
            (Node::Select(mask, yes, no), _) if self.has_zero_arm(a) => {
                let (yes, no) = (self.div(yes, b), self.div(no, b));
                self.select(mask, yes, no)
            }
            _ => self.quotient(a, b),
        }
    }

    /// The division itself, unless the inverse is known.
    fn quotient(&mut self, a: Id, b: Id) -> Id {
        let one = self.literal(1.0);
        if let Some(inverse) = self.find(&Node::Binary(Op::Div, one, b))
            && self.is_written(inverse)
        {
            return self.mul(a, inverse);
        }
        if let Some(rest) = self.without(a, b) {
            return rest;
        }
        let (times, rest) = self.split(a);
        if self.is(times, 1.0) || self.is(rest, 1.0) {
            return self.node(Node::Binary(Op::Div, a, b));
        }
        let quotient = self.div(rest, b);
        self.scale(times, quotient)
    }

    /// A product without one of its factors.
    fn without(&mut self, product: Id, factor: Id) -> Option<Id> {
        let &Node::Binary(Op::Mul, a, b) = self.get(product) else {
            return None;
        };
        if a == factor {
            return Some(b);
        }
        if b == factor {
            return Some(a);
        }
        if let Some(a) = self.without(a, factor) {
            return Some(self.mul(a, b));
        }
        let b = self.without(b, factor)?;
        Some(self.mul(a, b))
    }

    pub(super) fn rem(&mut self, a: Id, b: Id) -> Id {
        self.node(Node::Binary(Op::Rem, a, b))
    }

    pub(super) fn not(&mut self, mask: Id) -> Id {
        match *self.get(mask) {
            Node::Not(mask) => mask,
            _ => self.node(Node::Not(mask)),
        }
    }

    pub(super) fn select(&mut self, mask: Id, yes: Id, no: Id) -> Id {
        if yes == no {
            return yes;
        }
        if let Some(holds) = self.known(mask) {
            return if holds { yes } else { no };
        }
        if let &Node::Not(mask) = self.get(mask) {
            return self.select(mask, no, yes);
        }
        match *self.get(yes) {
            Node::Select(inner, yes, _) if inner == mask => return self.select(mask, yes, no),
            _ => {}
        }
        match *self.get(no) {
            Node::Select(inner, _, no) if inner == mask => return self.select(mask, yes, no),
            _ => {}
        }
        self.node(Node::Select(mask, yes, no))
    }

    pub(super) fn intrinsic(&mut self, f: Intrinsic, args: Vec<Id>) -> Id {
        if self.mode != Mode::Whole
            && let [x] = args[..]
            && let Some(value) = self.value(x)
            && let Some(value) = f.of_literal(value).filter(|value| value.is_finite())
        {
            return self.literal(value);
        }
        if f.name() == "pow"
            && let Some(power) = self.power(args[0], args[1])
        {
            return power;
        }
        self.node(Node::Intrinsic(f, args))
    }

    /// A power of a fixed exponent, as PyTorch computes it.
    fn power(&mut self, base: Id, exponent: Id) -> Option<Id> {
        let exponent = self.value(exponent)?;
        if exponent == 0.0 {
            return Some(self.literal(1.0));
        }
        if exponent == 1.0 {
            return Some(base);
        }
        if exponent == 0.5 {
            let sqrt = Intrinsic::find("sqrt").expect("an intrinsic");
            return Some(self.intrinsic(sqrt, vec![base]));
        }
        if exponent == -1.0 {
            let one = self.literal(1.0);
            return Some(self.div(one, base));
        }
        if exponent == 2.0 || exponent == 3.0 {
            let square = self.commutative(Op::Mul, base, base);
            return Some(match exponent == 3.0 {
                true => self.commutative(Op::Mul, square, base),
                false => square,
            });
        }
        None
    }

    /// A condition on literals.
    fn known(&self, mask: Id) -> Option<bool> {
        let &Node::Compare(comparison, a, b) = self.get(mask) else {
            return None;
        };
        let (a, b) = (self.value(a)?, self.value(b)?);
        Some(match comparison {
            Comparison::Lt => a < b,
            Comparison::Le => a <= b,
            Comparison::Eq => a == b,
        })
    }

    fn has_zero_arm(&self, id: Id) -> bool {
        matches!(*self.get(id), Node::Select(_, yes, no) if self.is(yes, 0.0) || self.is(no, 0.0))
    }

    /// The same with the sides swapped, where that one is known.
    fn commutative(&mut self, op: Op, a: Id, b: Id) -> Id {
        match self.find(&Node::Binary(op, b, a)) {
            Some(swapped) => swapped,
            None => self.node(Node::Binary(op, a, b)),
        }
    }

    /// `id` as a constant times the rest.
    fn split(&mut self, id: Id) -> (Id, Id) {
        let one = self.literal(1.0);
        if self.is_constant(id) {
            return (id, one);
        }
        match *self.get(id) {
            Node::Neg(a) => {
                let (times, rest) = self.split(a);
                let times = match self.is(times, 1.0) {
                    true => self.literal(-1.0),
                    false => self.constant_neg(times),
                };
                (times, rest)
            }
            Node::Binary(Op::Mul, times, rest)
                if self.is_constant(times) && !self.is_written(id) =>
            {
                (times, rest)
            }
            Node::Binary(Op::Div, times, divisor)
                if self.is_constant(times) && !self.is(times, 1.0) && !self.is_written(id) =>
            {
                (times, self.node(Node::Binary(Op::Div, one, divisor)))
            }
            _ => (one, id),
        }
    }

    fn constant_neg(&mut self, a: Id) -> Id {
        match (self.value(a), self.get(a).clone()) {
            (Some(value), _) => self.literal(-value),
            (None, Node::Neg(a)) => a,
            _ => self.node(Node::Neg(a)),
        }
    }

    fn constant_product(&mut self, a: Id, b: Id) -> Id {
        if let Some(product) = self.folded(Op::Mul, a, b) {
            return product;
        }
        for (one, other) in [(a, b), (b, a)] {
            if self.is(one, 1.0) {
                return other;
            }
            if self.is(one, -1.0) {
                return self.constant_neg(other);
            }
        }
        self.commutative(Op::Mul, a, b)
    }

    /// `times * rest`, where `times` is a constant and `rest` is none, or 1.
    fn scale(&mut self, times: Id, rest: Id) -> Id {
        let (inner, rest) = self.split(rest);
        let times = self.constant_product(times, inner);
        if self.is(times, 0.0) || self.is(rest, 1.0) {
            return times;
        }
        if self.is(times, 1.0) {
            return rest;
        }
        if let &Node::Binary(Op::Div, one, divisor) = self.get(rest)
            && self.is(one, 1.0)
            && !self.is_written(rest)
        {
            return self.node(Node::Binary(Op::Div, times, divisor));
        }
        if self.is(times, -1.0) {
            return self.node(Node::Neg(rest));
        }
        self.node(Node::Binary(Op::Mul, times, rest))
    }
}
