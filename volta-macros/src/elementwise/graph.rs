//! A function as a graph of expressions. Equal nodes are one node, so that what is used twice is
//! computed once. A node comes after what it is made of.

use super::intrinsics::Intrinsic;
use proc_macro2::TokenStream;
use quote::ToTokens;
use std::collections::{HashMap, HashSet};
use syn::{Ident, Path};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id(usize);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// A number, by its bits.
    Literal(u64),
    /// A named constant, by its place in [`Graph::constants`].
    Constant(usize),
    /// An input or a parameter.
    Argument(usize),
    /// The value of the output whose derivative this is part of.
    Output,
    Neg(Id),
    BitNot(Id),
    Binary(Op, Id, Id),
    Compare(Comparison, Id, Id),
    And(Id, Id),
    Or(Id, Id),
    Not(Id),
    Select(Id, Id, Id),
    Intrinsic(Intrinsic, Vec<Id>),
    /// The value of another function, by its place in [`Graph::callees`].
    Call(usize, Vec<Id>),
    /// The outcome of another function that says yes or no.
    Test(usize, Vec<Id>),
    /// The derivative of a call's value, which comes last, by one of its arguments.
    Partial(usize, usize, Vec<Id>, Id),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Comparison {
    Lt,
    Le,
    Eq,
}

/// Another elementwise function that is called, not inlined.
#[derive(Clone)]
pub(super) struct Callee {
    /// Its type.
    pub(super) path: Path,
    /// Volta's function of this name, and the item that gives its type.
    pub(super) named: Option<(String, TokenStream)>,
    /// Its place in the table, if both are in one.
    pub(super) entry: Option<usize>,
}

/// Which simplifications are right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mode {
    /// Of what the user wrote for numbers that may be whole: none that computes.
    Whole,
    /// Of what the user wrote for floats: those that keep every bit.
    Exact,
    /// Of derivatives: `0 * x` is 0.
    Loose,
}

pub(super) struct Graph {
    nodes: Vec<Node>,
    ids: HashMap<Node, Id>,
    pub(super) constants: Vec<Path>,
    pub(super) callees: Vec<Callee>,
    /// What the user called a node.
    pub(super) names: HashMap<Id, Ident>,
    pub(super) mode: Mode,
    /// Nodes before this one are the user's: products among them stay as they were written.
    written: usize,
    /// Whether the arguments are `bool`.
    pub(super) of_bool: bool,
}

impl Graph {
    /// A graph of nothing but its arguments and the output.
    pub(super) fn new(arguments: usize, mode: Mode) -> Self {
        let mut graph = Graph {
            nodes: Vec::new(),
            ids: HashMap::new(),
            constants: Vec::new(),
            callees: Vec::new(),
            names: HashMap::new(),
            mode,
            written: 0,
            of_bool: false,
        };
        for index in 0..arguments {
            graph.node(Node::Argument(index));
        }
        graph.node(Node::Output);
        graph
    }

    /// The node, which is made if there is none like it.
    pub(super) fn node(&mut self, node: Node) -> Id {
        if let Some(id) = self.find(&node) {
            return id;
        }
        let id = Id(self.nodes.len());
        self.nodes.push(node.clone());
        self.ids.insert(node, id);
        id
    }

    pub(super) fn find(&self, node: &Node) -> Option<Id> {
        self.ids.get(node).copied()
    }

    pub(super) fn get(&self, id: Id) -> &Node {
        &self.nodes[id.0]
    }

    pub(super) fn argument(&mut self, index: usize) -> Id {
        self.node(Node::Argument(index))
    }

    pub(super) fn output(&mut self) -> Id {
        self.node(Node::Output)
    }

    pub(super) fn literal(&mut self, value: f64) -> Id {
        self.node(Node::Literal(value.to_bits()))
    }

    pub(super) fn constant(&mut self, path: &Path) -> Id {
        let text = |path: &Path| path.to_token_stream().to_string();
        let known = self.constants.iter().position(|c| text(c) == text(path));
        let index = known.unwrap_or_else(|| {
            self.constants.push(path.clone());
            self.constants.len() - 1
        });
        self.node(Node::Constant(index))
    }

    pub(super) fn callee(&mut self, callee: Callee) -> usize {
        let text = |callee: &Callee| callee.path.to_token_stream().to_string();
        let known = self.callees.iter().position(|c| text(c) == text(&callee));
        known.unwrap_or_else(|| {
            self.callees.push(callee);
            self.callees.len() - 1
        })
    }

    /// What was made so far is the user's; what follows is derivatives.
    pub(super) fn start_derivatives(&mut self) {
        self.mode = Mode::Loose;
        self.written = self.nodes.len();
    }

    pub(super) fn is_written(&self, id: Id) -> bool {
        id.0 < self.written
    }

    /// The value of a literal.
    pub(super) fn value(&self, id: Id) -> Option<f64> {
        match self.get(id) {
            Node::Literal(bits) => Some(f64::from_bits(*bits)),
            _ => None,
        }
    }

    pub(super) fn is(&self, id: Id, value: f64) -> bool {
        self.value(id) == Some(value)
    }

    /// Whether it is a condition; what is not is a number.
    pub(super) fn is_mask(&self, id: Id) -> bool {
        match self.get(id) {
            Node::Compare(..) | Node::And(..) | Node::Or(..) | Node::Not(_) | Node::Test(..) => {
                true
            }
            Node::Argument(_) => self.of_bool,
            _ => false,
        }
    }

    /// Whether it is made of literals and named constants alone.
    pub(super) fn is_constant(&self, id: Id) -> bool {
        match self.get(id) {
            Node::Literal(_) | Node::Constant(_) => true,
            Node::Neg(a) => self.is_constant(*a),
            Node::Binary(Op::Add | Op::Sub | Op::Mul | Op::Div, a, b) => {
                self.is_constant(*a) && self.is_constant(*b)
            }
            Node::Intrinsic(f, args) => {
                f.in_std().is_some() && args.iter().all(|arg| self.is_constant(*arg))
            }
            _ => false,
        }
    }

    pub(super) fn operands(&self, id: Id) -> Vec<Id> {
        match self.get(id) {
            Node::Literal(_) | Node::Constant(_) | Node::Argument(_) | Node::Output => Vec::new(),
            Node::Neg(a) | Node::BitNot(a) | Node::Not(a) => vec![*a],
            Node::Binary(_, a, b) | Node::Compare(_, a, b) | Node::And(a, b) | Node::Or(a, b) => {
                vec![*a, *b]
            }
            Node::Select(mask, yes, no) => vec![*mask, *yes, *no],
            Node::Intrinsic(_, args) | Node::Call(_, args) | Node::Test(_, args) => args.clone(),
            Node::Partial(_, _, args, y) => args.iter().copied().chain([*y]).collect(),
        }
    }

    /// Everything that `roots` are made of, and they, in order.
    pub(super) fn reachable(&self, roots: &[Id]) -> Vec<Id> {
        let mut seen = HashSet::new();
        let mut open = roots.to_vec();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self.operands(id));
            }
        }
        let mut seen: Vec<Id> = seen.into_iter().collect();
        seen.sort();
        seen
    }

    /// `root` with `to` in place of `from`, and otherwise as it is.
    pub(super) fn replace(&mut self, root: Id, from: Id, to: Id) -> Id {
        let mut new = HashMap::from([(from, to)]);
        for id in self.reachable(&[root]) {
            if new.contains_key(&id) {
                continue;
            }
            let at = |id: &Id| new[id];
            let all = |ids: &[Id]| ids.iter().map(at).collect();
            let node = match self.get(id) {
                leaf
                @ (Node::Literal(_) | Node::Constant(_) | Node::Argument(_) | Node::Output) => {
                    leaf.clone()
                }
                Node::Neg(a) => Node::Neg(at(a)),
                Node::BitNot(a) => Node::BitNot(at(a)),
                Node::Not(a) => Node::Not(at(a)),
                Node::Binary(op, a, b) => Node::Binary(*op, at(a), at(b)),
                Node::Compare(comparison, a, b) => Node::Compare(*comparison, at(a), at(b)),
                Node::And(a, b) => Node::And(at(a), at(b)),
                Node::Or(a, b) => Node::Or(at(a), at(b)),
                Node::Select(mask, yes, no) => Node::Select(at(mask), at(yes), at(no)),
                Node::Intrinsic(f, args) => Node::Intrinsic(*f, all(args)),
                Node::Call(callee, args) => Node::Call(*callee, all(args)),
                Node::Test(callee, args) => Node::Test(*callee, all(args)),
                Node::Partial(callee, argument, args, y) => {
                    Node::Partial(*callee, *argument, all(args), at(y))
                }
            };
            let replaced = self.node(node);
            if let Some(name) = self.names.get(&id).cloned() {
                self.names.entry(replaced).or_insert(name);
            }
            new.insert(id, replaced);
        }
        new[&root]
    }
}
