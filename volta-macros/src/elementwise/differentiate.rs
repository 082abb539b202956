//! The derivatives of an output by every argument, in one walk from the output to the arguments.

use super::functions::Functions;
use super::graph::{Graph, Id, Node, Op};
use super::lower;
use std::collections::HashMap;

/// The derivative of `root` by each of the first `arguments` arguments.
pub(super) fn differentiate(
    graph: &mut Graph,
    functions: &Functions,
    root: Id,
    arguments: usize,
) -> Vec<Id> {
    let mut walk = Walk {
        varies: HashMap::new(),
        gradients: HashMap::new(),
        graph,
        functions,
    };
    let nodes = walk.graph.reachable(&[root]);
    for id in &nodes {
        let varies = matches!(walk.graph.get(*id), Node::Argument(_))
            || (walk.graph.operands(*id).iter()).any(|operand| walk.varies[operand]);
        walk.varies.insert(*id, varies);
    }
    let one = walk.graph.literal(1.0);
    walk.gradients.insert(root, one);
    for id in nodes.into_iter().rev() {
        if let Some(gradient) = walk.gradients.get(&id).copied() {
            walk.pass(id, gradient);
        }
    }
    let gradients = walk.gradients;
    (0..arguments)
        .map(|index| {
            let argument = graph.argument(index);
            let zero = graph.literal(0.0);
            gradients.get(&argument).copied().unwrap_or(zero)
        })
        .collect()
}

struct Walk<'a> {
    /// Whether a node depends on the arguments.
    varies: HashMap<Id, bool>,
    /// The derivative of the output by a node, as far as it is known.
    gradients: HashMap<Id, Id>,
    graph: &'a mut Graph,
    functions: &'a Functions<'a>,
}

impl Walk<'_> {
    /// Adds to the gradient of an operand.
    fn give(&mut self, to: Id, gradient: Id) {
        if !self.varies[&to] {
            return;
        }
        let sum = match self.gradients.get(&to).copied() {
            Some(before) => self.graph.add(before, gradient),
            None => gradient,
        };
        self.gradients.insert(to, sum);
    }

    /// Passes the gradient of `id` to its operands.
    fn pass(&mut self, id: Id, gradient: Id) {
        match self.graph.get(id).clone() {
            Node::Neg(a) => {
                let gradient = self.graph.neg(gradient);
                self.give(a, gradient);
            }
            Node::Binary(Op::Add, a, b) => {
                self.give(a, gradient);
                self.give(b, gradient);
            }
            Node::Binary(Op::Sub, a, b) => {
                self.give(a, gradient);
                let gradient = self.graph.neg(gradient);
                self.give(b, gradient);
            }
            Node::Binary(Op::Mul, a, b) if a == b => {
                let two = self.graph.literal(2.0);
                let product = self.graph.mul(gradient, a);
                let double = self.graph.mul(two, product);
                self.give(a, double);
            }
            Node::Binary(Op::Mul, a, b) => {
                let by_a = self.graph.mul(gradient, b);
                self.give(a, by_a);
                let by_b = self.graph.mul(gradient, a);
                self.give(b, by_b);
            }
            Node::Binary(Op::Div, a, b) => self.pass_division(id, gradient, a, b),
            Node::Binary(Op::Rem, a, b) => {
                self.give(a, gradient);
                if self.varies[&b] {
                    // The remainder is `a - n * b` with a whole `n`.
                    let difference = self.graph.sub(id, a);
                    let product = self.graph.mul(gradient, difference);
                    let quotient = self.graph.div(product, b);
                    self.give(b, quotient);
                }
            }
            Node::Select(mask, yes, no) => {
                let by_yes = self.gate(mask, gradient, true);
                self.give(yes, by_yes);
                let by_no = self.gate(mask, gradient, false);
                self.give(no, by_no);
            }
            Node::Intrinsic(f, args) => {
                for (index, arg) in args.iter().enumerate() {
                    if self.varies[arg] {
                        let partial = lower::rule(self.graph, f, index, &args, id);
                        let product = self.graph.mul(gradient, partial);
                        self.give(*arg, product);
                    }
                }
            }
            Node::Call(callee, args) => {
                for (index, arg) in args.iter().enumerate() {
                    if self.varies[arg] {
                        let partial = self
                            .functions
                            .partial(self.graph, callee, index, &args, id)
                            .unwrap_or_else(|| {
                                let partial = Node::Partial(callee, index, args.clone(), id);
                                self.graph.node(partial)
                            });
                        let product = self.graph.mul(gradient, partial);
                        self.give(*arg, product);
                    }
                }
            }
            _ => {}
        }
    }

    fn pass_division(&mut self, id: Id, gradient: Id, a: Id, b: Id) {
        if self.varies[&a] {
            let quotient = self.graph.div(gradient, b);
            self.give(a, quotient);
        }
        if let Some((constant, exponent)) = self.logistic(b) {
            let one = self.graph.literal(1.0);
            let share = self.graph.div(constant, b);
            let rest = self.graph.sub(one, share);
            let product = self.graph.mul(gradient, id);
            let slope = self.graph.mul(product, rest);
            let slope = self.graph.neg(slope);
            self.give(exponent, slope);
        } else if self.varies[&b] {
            let slope = if self.graph.value(a).is_some_and(|a| a != 0.0) {
                // The quotient alone tells what the divisor was.
                let inverse = self.graph.div(id, a);
                let over = self.graph.mul(inverse, id);
                self.graph.mul(gradient, over)
            } else {
                let product = self.graph.mul(gradient, id);
                self.graph.div(product, b)
            };
            let slope = self.graph.neg(slope);
            self.give(b, slope);
        }
    }

    /// `c` and `u` of `c + exp(u)`, a divisor that is passed at once: its exponential, which may be
    /// infinite, is no factor of the derivative then.
    fn logistic(&self, divisor: Id) -> Option<(Id, Id)> {
        let &Node::Binary(Op::Add, a, b) = self.graph.get(divisor) else {
            return None;
        };
        [(a, b), (b, a)]
            .into_iter()
            .find_map(|(constant, power)| match self.graph.get(power) {
                Node::Intrinsic(f, args)
                    if f.name() == "exp" && self.graph.is_constant(constant) =>
                {
                    Some((constant, args[0]))
                }
                _ => None,
            })
    }

    /// The gradient where the condition is `side`, otherwise 0. Conditions stay nested as they were
    /// written, so that the arms of one find together again.
    fn gate(&mut self, mask: Id, gradient: Id, side: bool) -> Id {
        let zero = self.graph.literal(0.0);
        match *self.graph.get(gradient) {
            Node::Select(outer, yes, no) if outer != mask && no == zero => {
                let yes = self.gate(mask, yes, side);
                self.graph.select(outer, yes, zero)
            }
            Node::Select(outer, yes, no) if outer != mask && yes == zero => {
                let no = self.gate(mask, no, side);
                self.graph.select(outer, zero, no)
            }
            _ if side => self.graph.select(mask, gradient, zero),
            _ => self.graph.select(mask, zero, gradient),
        }
    }
}
