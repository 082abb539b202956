//! From Rust's syntax to the graph. Every expression is checked to be a number or a condition; an
//! error is reported where it is, and `None` stands for what it spoils.

use super::function::{Class, Function};
use super::functions::Functions;
use super::graph::{Comparison, Graph, Id, Mode, Node, Op};
use super::intrinsics::Intrinsic;
use super::names;
use crate::errors::Errors;
use quote::ToTokens;
use syn::{BinOp, Block, Expr, Ident, Lit, Local, Pat, Path, Stmt, UnOp, parse_quote};

/// Whole literals above this are not exact.
const MAX_WHOLE: u64 = 1 << 53;

pub(super) struct Lower<'a> {
    pub(super) graph: &'a mut Graph,
    pub(super) functions: &'a Functions<'a>,
    pub(super) class: Class,
    pub(super) errors: &'a mut Errors,
    scope: Vec<Binding>,
    /// The function itself, which it must not call.
    pub(super) own_name: Option<String>,
    /// Whether a literal has to be a value of the integer types, too.
    pub(super) whole: bool,
    /// Whether `let` gives names to the nodes.
    pub(super) names: bool,
    /// Whether a lone constant is one of `core::f64::consts`.
    in_rule: bool,
    /// The entries of the table that are being inlined.
    pub(super) inlined: Vec<usize>,
    /// Whether one of them was called again.
    pub(super) circle: bool,
    /// How many names were reported to be of no use.
    unused: usize,
    /// How many errors there were before.
    before: usize,
    /// Scalars of the surrounding code, where those may be used.
    pub(super) captures: Option<Captures>,
}

/// A name and what it stands for: `None` after an error.
struct Binding {
    ident: Ident,
    value: Option<Id>,
    used: bool,
    /// Whether by `let`.
    local: bool,
}

/// What [`Lower::rebind`] found.
#[derive(PartialEq)]
pub(super) enum Rebound {
    Argument,
    Local,
    Unknown,
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
        lower.bind(&quote::format_ident!("{name}"), *value);
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
            unused: 0,
            captures: None,
        }
    }

    pub(super) fn bind(&mut self, ident: &Ident, value: Id) {
        self.scope.push(Binding {
            ident: ident.clone(),
            value: Some(value),
            used: false,
            local: false,
        });
    }

    /// Binds `y`, the value of the function whose derivative follows.
    pub(super) fn bind_result(&mut self, y: Id) {
        self.bind(&quote::format_ident!("y"), y);
    }

    /// Binds the arguments of `function` in order.
    pub(super) fn bind_arguments(&mut self, function: &Function) {
        for (index, ident) in function.arguments().enumerate() {
            let argument = self.graph.argument(index);
            self.bind(ident, argument);
        }
    }

    /// The value that a name has now.
    pub(super) fn value_of(&self, name: &str) -> Option<Id> {
        let mut bindings = self.scope.iter().rev();
        bindings
            .find(|binding| !binding.local && names::plain(&binding.ident) == name)?
            .value
    }

    /// Gives a name another value. Whether it is bound, and by `let`.
    pub(super) fn rebind(&mut self, name: &str, value: Option<Id>) -> Rebound {
        let mut bindings = self.scope.iter_mut().rev();
        match bindings.find(|binding| names::plain(&binding.ident) == name) {
            Some(binding) if binding.local => Rebound::Local,
            Some(binding) => {
                binding.used = true;
                binding.value = value;
                Rebound::Argument
            }
            None => Rebound::Unknown,
        }
    }

    /// Reports what was bound from place `from` on and never used. Where something else is wrong,
    /// the use may be there.
    pub(super) fn report_unused(&mut self, from: usize) {
        if self.errors.count() > self.before + self.unused {
            return;
        }
        for binding in &self.scope[from..] {
            let name = names::plain(&binding.ident);
            if !binding.used && !name.starts_with('_') {
                self.unused += 1;
                self.errors
                    .on(&binding.ident, format!("`{name}` is not used"));
            }
        }
    }

    pub(super) fn fail<T>(
        &mut self,
        tokens: impl ToTokens,
        message: impl std::fmt::Display,
    ) -> Option<T> {
        self.errors.on(tokens, message);
        None
    }

    /// The results: the elements of a tuple, or one value.
    pub(super) fn results(&mut self, expr: &Expr) -> Option<Vec<Id>> {
        match expr {
            Expr::Tuple(tuple) => {
                let all: Vec<Option<Id>> = tuple.elems.iter().map(|e| self.number(e)).collect();
                all.into_iter().collect()
            }
            Expr::Paren(inner) => self.results(&inner.expr),
            Expr::Group(inner) => self.results(&inner.expr),
            Expr::Block(inner) if inner.label.is_none() => {
                self.block(&inner.block, |this, tail| this.results(tail))
            }
            expr => self.expr(expr).map(|value| vec![value]),
        }
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
        let value = self.expr(expr)?;
        if !self.graph.is_mask(value) {
            return self.fail(
                expr,
                "expected a condition, this is a number: compare it, as in `x > 0.0`",
            );
        }
        Some(value)
    }

    /// The statements of a block, and its last expression by `finish`.
    pub(super) fn block<R>(
        &mut self,
        block: &Block,
        finish: impl FnOnce(&mut Self, &Expr) -> Option<R>,
    ) -> Option<R> {
        let depth = self.scope.len();
        let errors = self.errors.count();
        let (tail, statements) = match block.stmts.split_last() {
            Some((Stmt::Expr(tail, None), statements)) => (Some(tail), statements),
            _ => (None, &block.stmts[..]),
        };
        for (index, statement) in statements.iter().enumerate() {
            let is_last = tail.is_none() && index + 1 == statements.len();
            self.statement(statement, is_last);
        }
        let result = match tail {
            Some(tail) => finish(self, tail),
            None => {
                if errors == self.errors.count() {
                    self.errors.at(
                        block.brace_token.span.close(),
                        "expected an expression, the result, before the `}`",
                    );
                }
                None
            }
        };
        self.report_unused(depth);
        self.scope.truncate(depth);
        result
    }

    pub(super) fn statement(&mut self, statement: &Stmt, is_last: bool) {
        match statement {
            Stmt::Local(local) => self.local(local),
            Stmt::Item(item) => self.errors.on(item, "no items here: put this one outside"),
            Stmt::Macro(call) => self.errors.on(call, NO_MACROS),
            Stmt::Expr(expr @ (Expr::Assign(_) | Expr::Return(_)), _) => {
                self.expr(expr);
            }
            Stmt::Expr(expr @ Expr::Binary(binary), _) if assigned_by(&binary.op).is_some() => {
                self.expr(expr);
            }
            Stmt::Expr(
                expr @ (Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) | Expr::Macro(_)),
                _,
            ) => {
                self.expr(expr);
            }
            Stmt::Expr(expr, Some(semicolon)) if is_last => {
                let before = self.errors.count();
                self.results(expr);
                if self.errors.count() == before {
                    self.errors
                        .on(semicolon, "the result has no `;` after it: leave it out");
                }
            }
            Stmt::Expr(expr, _) => self.errors.on(
                expr,
                "this has no effect: name the value with `let`, or leave it out",
            ),
        }
    }

    fn local(&mut self, local: &Local) {
        let mut pat = &local.pat;
        if let Pat::Type(typed) = pat {
            self.errors.on(
                &typed.ty,
                "no type here: every number is of the type of the inputs",
            );
            pat = &typed.pat;
        }
        let value = match &local.init {
            Some(init) => {
                if let Some((_, diverge)) = &init.diverge {
                    self.errors
                        .on(diverge, "no `else` here: a `let` is one name");
                }
                self.expr(&init.expr)
            }
            None => self.fail(local, "a `let` has a value: `let a = ..;`"),
        };
        match pat {
            Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
                if let Some(token) = pat.mutability {
                    self.errors.on(
                        token,
                        "nothing is assigned here: leave out `mut`, and use `let` again for \
                         another value",
                    );
                }
                if let Some(value) = value
                    && self.names
                    && !self.graph.operands(value).is_empty()
                    && !self.graph.is_constant(value)
                {
                    (self.graph.names).entry(value).or_insert(pat.ident.clone());
                }
                self.scope.push(Binding {
                    ident: pat.ident.clone(),
                    value,
                    used: false,
                    local: true,
                });
            }
            pat => self.errors.on(pat, "a `let` here binds one name"),
        }
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

    fn literal(&mut self, lit: &Lit) -> Option<Id> {
        if matches!(self.class, Class::Any | Class::Bool) {
            let name = self.class.name();
            return self.fail(
                lit,
                format!("no literals in a function of `{name}`: it only tests its inputs"),
            );
        }
        let (suffix, value) = match lit {
            Lit::Int(int) => {
                let exact = int.base10_parse::<u64>().ok();
                let Some(value) = exact.filter(|value| *value <= MAX_WHOLE) else {
                    return self.fail(
                        lit,
                        format!(
                            "`{}` is too large to be exact: whole literals go up to 2^53",
                            int.base10_digits()
                        ),
                    );
                };
                (int.suffix(), value as f64)
            }
            Lit::Float(float) => {
                let value = float.base10_parse::<f64>().unwrap_or(f64::INFINITY);
                if value.is_infinite() {
                    let digits = float.base10_digits();
                    return self.fail(lit, format!("`{digits}` is too large for an `f64`"));
                }
                (float.suffix(), value)
            }
            Lit::Bool(_) => {
                return self.fail(lit, "a condition here is a comparison: `x > 0.0`");
            }
            _ => return self.fail(lit, "a literal here is a number"),
        };
        if !suffix.is_empty() {
            let digits = lit.to_token_stream().to_string();
            let digits = digits.trim_end_matches(suffix).trim_end_matches('_');
            return self.fail(lit, format!("a literal here is without suffix: `{digits}`"));
        }
        if value.fract() != 0.0 {
            if let Some(captures) = &mut self.captures {
                captures.fraction = true;
            }
            if self.whole {
                let (name, text) = (self.class.name(), lit.to_token_stream());
                return self.fail(
                    lit,
                    format!(
                        "`{text}` is no integer, and a function of `{name}` is of integers, too"
                    ),
                );
            }
        }
        Some(self.graph.literal(value))
    }

    fn path(&mut self, path: &Path, expr: &Expr) -> Option<Id> {
        let last = path.segments.last()?;
        let name = names::plain(&last.ident);
        let is_lone = path.get_ident().is_some();
        if is_lone {
            let mut bindings = self.scope.iter_mut().rev();
            if let Some(binding) = bindings.find(|b| names::plain(&b.ident) == name) {
                binding.used = true;
                return binding.value;
            }
        }
        if names::is_constant(&name) && matches!(self.class, Class::Any | Class::Bool) {
            let class = self.class.name();
            return self.fail(
                path,
                format!("no constants in a function of `{class}`: it only tests its inputs"),
            );
        }
        let of_self = path.segments[0].ident == "Self";
        if names::is_constant(&name) && !(of_self && self.captures.is_some()) {
            if let Some(captures) = &mut self.captures {
                captures.fraction = true;
            }
            if self.in_rule {
                let ident = &last.ident;
                return Some(
                    self.graph
                        .constant(&parse_quote!(::core::f64::consts::#ident)),
                );
            }
            return Some(self.graph.constant(path));
        }
        if self.captures.is_some() && (is_lone || of_self) {
            return self.capture(expr);
        }
        if is_lone {
            let known: Vec<String> = (self.scope.iter())
                .map(|binding| names::plain(&binding.ident))
                .collect();
            let hint = names::did_you_mean(&name, known.iter().map(String::as_str));
            return self.fail(
                path,
                format!("`{name}` is no argument and no `let` of this function{hint}"),
            );
        }
        self.fail(
            path,
            "a path is a constant, whose name is in capitals: `std::f64::consts::PI`",
        )
    }

    /// A scalar of the surrounding code: one more argument.
    fn capture(&mut self, expr: &Expr) -> Option<Id> {
        let captures = self.captures.as_mut()?;
        let text = |expr: &Expr| expr.to_token_stream().to_string();
        let known = (captures.list.iter()).position(|other| text(other) == text(expr));
        let index = known.unwrap_or_else(|| {
            captures.list.push(expr.clone());
            captures.list.len() - 1
        });
        let index = captures.inputs + index;
        Some(self.graph.argument(index))
    }

    /// `self.lr`, `cfg.betas.0`.
    fn capture_field(&mut self, expr: &Expr) -> Option<Id> {
        let mut base = expr;
        while let Expr::Field(field) = base {
            base = &field.base;
        }
        match base {
            Expr::Path(path) if path.qself.is_none() => {
                if let Some(ident) = path.path.get_ident()
                    && (self.scope.iter()).any(|binding| binding.ident == *ident)
                {
                    return self.fail(
                        expr,
                        format!("`{ident}` is a number here: it has no fields"),
                    );
                }
                self.capture(expr)
            }
            _ => self.fail(
                expr,
                "a captured scalar is a name or a field: `lr`, `self.lr`",
            ),
        }
    }

    fn unary(&mut self, expr: &Expr, unary: &syn::ExprUnary) -> Option<Id> {
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
            _ => self.fail(expr, NO_REFERENCES),
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

    fn binary(&mut self, binary: &syn::ExprBinary) -> Option<Id> {
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

    fn operation(&mut self, op: Op, binary: &syn::ExprBinary) -> Option<Id> {
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

    fn comparison(&mut self, binary: &syn::ExprBinary) -> Option<Id> {
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

    fn branch(&mut self, branch: &syn::ExprIf) -> Option<Id> {
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

    /// Whether a name is bound.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        (self.scope.iter()).any(|binding| names::plain(&binding.ident) == name)
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

const NO_MACROS: &str = "no macros here: a call is of a function";
const NO_REFERENCES: &str = "no references here: numbers are used as they are";
const NO_LOOPS: &str = "no loops here: every element is computed by the same operations";

fn unsupported(expr: &Expr) -> &'static str {
    match expr {
        Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => NO_LOOPS,
        Expr::Match(_) => "no `match` here: write `if .. { .. } else { .. }`",
        Expr::Closure(_) => "no closures here: write a function, and call it",
        Expr::Cast(_) => "no `as` here: every number is of the type of the inputs",
        Expr::Index(_) => "no indexing here: a function sees one element of each input",
        Expr::Reference(_) | Expr::RawAddr(_) => NO_REFERENCES,
        Expr::Macro(_) => NO_MACROS,
        Expr::Return(_) => "no `return` here: the last expression is the result",
        Expr::Tuple(_) => "a tuple is the result of the whole function alone",
        Expr::Field(_) => "no fields here: a parameter is an argument, `slope: f64`",
        Expr::Let(_) => "no `let` in a condition: a condition is a comparison",
        Expr::Unsafe(_) => "nothing here is `unsafe`",
        _ => {
            "not known here: a function is made of literals, constants, `let`, arithmetic, \
             comparisons, `if .. else ..` and calls"
        }
    }
}
