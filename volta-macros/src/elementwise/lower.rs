//! From Rust's syntax to the graph. Every expression is checked to be a number or a condition; an
//! error is reported where it is, and `None` stands for what it spoils.

use super::function::Class;
use super::functions::Functions;
use super::graph::{Comparison, Graph, Id, Mode, Node, Op};
use super::intrinsics::Intrinsic;
use super::refusals::{self, unsupported};
use super::scope::Binding;
use crate::errors::Errors;
use quote::{ToTokens, format_ident};
use std::fmt::Display;
use syn::{BinOp, Expr, ExprBinary, ExprIf, ExprUnary, UnOp, parse_quote};

pub(super) struct Lower<'a> {
    pub(super) graph: &'a mut Graph,
    pub(super) functions: &'a Functions<'a>,
    pub(super) class: Class,
    pub(super) errors: &'a mut Errors,
    pub(super) scope: Vec<Binding>,
    /// The function itself, which it must not call.
    pub(super) own_name: Option<String>,
    /// Whether a literal has to be a value of the integer types, too.
    pub(super) whole: bool,
    /// Whether `let` gives names to the nodes.
    pub(super) names: bool,
    /// Whether a lone constant is one of `core::f64::consts`.
    pub(super) in_rule: bool,
    /// The entries of the table that are being inlined.
    pub(super) inlined: Vec<usize>,
    /// Whether one of them was called again.
    pub(super) circle: bool,
    /// Whether the call that follows stands where a condition is needed.
    pub(super) tests: bool,
    /// How many names were reported to be of no use.
    pub(super) unused: usize,
    /// How many errors there were before.
    pub(super) before: usize,
    /// Scalars of the surrounding code, where those may be used.
    pub(super) captures: Option<Captures>,
}

/// What a closure uses of the code around it.
#[derive(Default)]
pub(super) struct Captures {
    /// The arguments before the first of them.
    pub(super) inputs: usize,
    pub(super) list: Vec<Expr>,
    /// Whether a literal or a constant cannot be an integer.
    pub(super) fraction: bool,
}

/// The derivative of an intrinsic by one argument.
pub(super) fn rule(graph: &mut Graph, f: Intrinsic, index: usize, args: &[Id], y: Id) -> Id {
    let krate = parse_quote!(volta);
    let functions = Functions {
        krate: &krate,
        table: None,
    };
    let mut errors = Errors::default();
    let mut lower = Lower::new(graph, &functions, Class::Float, &mut errors);
    lower.in_rule = true;
    for (name, value) in f.arguments().iter().zip(args) {
        lower.bind(&format_ident!("{name}"), *value);
    }
    lower.bind_result(y);
    lower
        .number(&f.partial(index))
        .expect("the rules are right")
}

impl<'a> Lower<'a> {
    pub(super) fn new(
        graph: &'a mut Graph,
        functions: &'a Functions<'a>,
        class: Class,
        errors: &'a mut Errors,
    ) -> Self {
        Lower {
            before: errors.count(),
            graph,
            functions,
            class,
            errors,
            scope: Vec::new(),
            own_name: None,
            whole: false,
            names: false,
            in_rule: false,
            inlined: Vec::new(),
            circle: false,
            tests: false,
            unused: 0,
            captures: None,
        }
    }

    pub(super) fn fail<T>(&mut self, tokens: impl ToTokens, message: impl Display) -> Option<T> {
        self.errors.on(tokens, message);
        None
    }

    pub(super) fn number(&mut self, expr: &Expr) -> Option<Id> {
        let value = self.expr(expr)?;
        if self.graph.is_mask(value) {
            return self.fail(
                expr,
                "expected a number, this is a condition: choose with `if .. { .. } else { .. }`",
            );
        }
        Some(value)
    }

    pub(super) fn mask(&mut self, expr: &Expr) -> Option<Id> {
        if let Expr::Paren(inner) = expr {
            return self.mask(&inner.expr);
        }
        self.tests = matches!(expr, Expr::Call(_));
        let value = self.expr(expr)?;
        if !self.graph.is_mask(value) {
            let masks = match self.captures {
                Some(_) => "; a mask is for `Tensor::select`",
                None => "",
            };
            return self.fail(
                expr,
                format!(
                    "expected a condition, this is a number: compare it, as in `x > 0.0`{masks}"
                ),
            );
        }
        Some(value)
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Option<Id> {
        match expr {
            Expr::Paren(inner) => self.expr(&inner.expr),
            Expr::Group(inner) => self.expr(&inner.expr),
            Expr::Lit(lit) => self.literal(&lit.lit),
            Expr::Path(path) if path.qself.is_none() => self.path(&path.path, expr),
            Expr::Unary(unary) => self.unary(expr, unary),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Block(inner) if inner.label.is_none() => {
                self.block(&inner.block, |this, tail| this.expr(tail))
            }
            Expr::If(branch) => self.branch(branch),
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method(call),
            Expr::Assign(_) => self.fail(expr, self.no_assignment()),
            Expr::Field(_) if self.captures.is_some() => self.capture_field(expr),
            other => self.fail(other, unsupported(other)),
        }
    }

    fn unary(&mut self, expr: &Expr, unary: &ExprUnary) -> Option<Id> {
        match unary.op {
            UnOp::Neg(_) => {
                self.arithmetic(expr)?;
                let a = self.number(&unary.expr)?;
                Some(self.graph.neg(a))
            }
            UnOp::Not(_) if self.class == Class::Int => {
                let a = self.expr(&unary.expr)?;
                Some(match self.graph.is_mask(a) {
                    true => self.graph.not(a),
                    false => self.graph.node(Node::BitNot(a)),
                })
            }
            UnOp::Not(_) => {
                let a = self.mask(&unary.expr)?;
                Some(self.graph.not(a))
            }
            _ => self.fail(expr, refusals::NO_REFERENCES),
        }
    }

    /// Whether the class has arithmetic.
    fn arithmetic(&mut self, expr: impl ToTokens) -> Option<()> {
        match self.class {
            Class::Any | Class::Bool => {
                let name = self.class.name();
                self.fail(
                    expr,
                    format!("a function of `{name}` only tests its inputs: it has no arithmetic"),
                )
            }
            _ => Some(()),
        }
    }

    fn binary(&mut self, binary: &ExprBinary) -> Option<Id> {
        if assigned_by(&binary.op).is_some() {
            return self.fail(binary, self.no_assignment());
        }
        match &binary.op {
            BinOp::And(_) | BinOp::Or(_) => {
                let (a, b) = (self.mask(&binary.left), self.mask(&binary.right));
                let (a, b) = (a?, b?);
                Some(self.graph.node(match binary.op {
                    BinOp::And(_) => Node::And(a, b),
                    _ => Node::Or(a, b),
                }))
            }
            BinOp::Lt(_)
            | BinOp::Le(_)
            | BinOp::Gt(_)
            | BinOp::Ge(_)
            | BinOp::Eq(_)
            | BinOp::Ne(_) => self.comparison(binary),
            op => {
                let op = match op {
                    BinOp::Add(_) => Op::Add,
                    BinOp::Sub(_) => Op::Sub,
                    BinOp::Mul(_) => Op::Mul,
                    BinOp::Div(_) => Op::Div,
                    BinOp::Rem(_) => Op::Rem,
                    BinOp::BitAnd(_) => Op::BitAnd,
                    BinOp::BitOr(_) => Op::BitOr,
                    BinOp::BitXor(_) => Op::BitXor,
                    BinOp::Shl(_) => Op::Shl,
                    BinOp::Shr(_) => Op::Shr,
                    _ => return self.fail(binary, "this operator is not known here"),
                };
                self.operation(op, binary)
            }
        }
    }

    fn operation(&mut self, op: Op, binary: &ExprBinary) -> Option<Id> {
        let (a, b) = (self.number(&binary.left), self.number(&binary.right));
        let is_bitwise = !matches!(op, Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem);
        if is_bitwise && self.class != Class::Int {
            let text = binary.op.to_token_stream();
            let instead = match op {
                Op::BitAnd => "; conditions are joined by `&&`",
                Op::BitOr => "; conditions are joined by `||`",
                _ => "",
            };
            return self.fail(
                binary,
                format!("`{text}` is for functions of `Int`{instead}"),
            );
        }
        self.arithmetic(binary)?;
        Some(self.apply(op, a?, b?))
    }

    pub(super) fn apply(&mut self, op: Op, a: Id, b: Id) -> Id {
        match op {
            Op::Add => self.graph.add(a, b),
            Op::Sub => self.graph.sub(a, b),
            Op::Mul => self.graph.mul(a, b),
            Op::Div => self.graph.div(a, b),
            Op::Rem => self.graph.rem(a, b),
            op => self.graph.node(Node::Binary(op, a, b)),
        }
    }

    fn comparison(&mut self, binary: &ExprBinary) -> Option<Id> {
        let (a, b) = (self.expr(&binary.left), self.expr(&binary.right));
        let (a, b) = (a?, b?);
        let is_equality = matches!(binary.op, BinOp::Eq(_) | BinOp::Ne(_));
        match (self.graph.is_mask(a), self.graph.is_mask(b)) {
            (false, false) => {}
            (true, true) if self.class == Class::Bool && is_equality => {}
            (true, true) if self.class == Class::Bool => {
                return self.fail(binary, "a `bool` is compared by `==` and `!=` alone");
            }
            _ => {
                return self.fail(
                    binary,
                    "a condition is not compared: conditions are joined by `&&`, `||` and `!`",
                );
            }
        }
        let compare = |comparison, a, b| Node::Compare(comparison, a, b);
        let node = match binary.op {
            BinOp::Lt(_) => compare(Comparison::Lt, a, b),
            BinOp::Le(_) => compare(Comparison::Le, a, b),
            BinOp::Gt(_) => compare(Comparison::Lt, b, a),
            BinOp::Ge(_) => compare(Comparison::Le, b, a),
            _ => compare(Comparison::Eq, a, b),
        };
        let equal = self.graph.node(node);
        Some(match binary.op {
            BinOp::Ne(_) => self.graph.not(equal),
            _ => equal,
        })
    }

    fn branch(&mut self, branch: &ExprIf) -> Option<Id> {
        let mask = match &*branch.cond {
            Expr::Let(cond) => self.fail(cond, "no `if let` here: a condition is a comparison"),
            cond => self.mask(cond),
        };
        let yes = self.block(&branch.then_branch, |this, tail| this.expr(tail));
        let Some((_, otherwise)) = &branch.else_branch else {
            return self.fail(branch, "this `if` has no `else`: every element has a value");
        };
        let no = self.expr(otherwise);
        let (mask, yes, no) = (mask?, yes?, no?);
        self.choose(branch, mask, yes, no)
    }

    /// `yes` where the condition holds, otherwise `no`.
    pub(super) fn choose(
        &mut self,
        tokens: impl ToTokens,
        mask: Id,
        yes: Id,
        no: Id,
    ) -> Option<Id> {
        match (self.graph.is_mask(yes), self.graph.is_mask(no)) {
            (false, false) if self.class == Class::Any => self.fail(
                tokens,
                "a function of `Any` only tests its inputs: it chooses between conditions alone",
            ),
            (false, false) => Some(self.graph.select(mask, yes, no)),
            (true, true) => {
                let not = self.graph.not(mask);
                let yes = self.graph.node(Node::And(mask, yes));
                let no = self.graph.node(Node::And(not, no));
                Some(self.graph.node(Node::Or(yes, no)))
            }
            _ => self.fail(
                tokens,
                "one arm is a number and the other a condition: both are numbers, or both \
                 conditions",
            ),
        }
    }

    pub(super) fn no_assignment(&self) -> &'static str {
        match self.captures {
            Some(_) => "an assignment stands by itself at the top of the closure",
            None => "nothing is assigned here: use `let` again for another value",
        }
    }

    /// The mode of a graph for what the user wrote.
    pub(super) fn mode(class: Class) -> Mode {
        match class {
            Class::Float => Mode::Exact,
            _ => Mode::Whole,
        }
    }
}

/// The operator of `a += b` and its like.
pub(super) fn assigned_by(op: &BinOp) -> Option<Op> {
    Some(match op {
        BinOp::AddAssign(_) => Op::Add,
        BinOp::SubAssign(_) => Op::Sub,
        BinOp::MulAssign(_) => Op::Mul,
        BinOp::DivAssign(_) => Op::Div,
        BinOp::RemAssign(_) => Op::Rem,
        BinOp::BitAndAssign(_) => Op::BitAnd,
        BinOp::BitOrAssign(_) => Op::BitOr,
        BinOp::BitXorAssign(_) => Op::BitXor,
        BinOp::ShlAssign(_) => Op::Shl,
        BinOp::ShrAssign(_) => Op::Shr,
        _ => return None,
    })
}
