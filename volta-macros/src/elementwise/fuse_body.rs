//! The body of the closure in `fuse!`.

use super::function::MAX_OUTPUTS;
use super::fuse::Tensor;
use super::graph::Id;
use super::lower::{Lower, assigned_by};
use super::names;
use super::scope::Rebound;
use std::collections::HashSet;
use syn::{Expr, ExprClosure, Ident, Stmt};

/// The body of the closure, whose assignments count.
pub(super) struct Body<'a, 'b> {
    tensors: &'a [Tensor],
    assigned: HashSet<String>,
    /// What the last expression gives.
    results: Option<Vec<Id>>,
    lower: &'a mut Lower<'b>,
}

impl<'a, 'b> Body<'a, 'b> {
    /// The values of the targets at the end, and the results after them.
    pub(super) fn read(
        lower: &'a mut Lower<'b>,
        tensors: &'a [Tensor],
        closure: &ExprClosure,
    ) -> Option<Vec<Id>> {
        let mut body = Body {
            tensors,
            assigned: HashSet::new(),
            results: None,
            lower,
        };
        body.statements(&closure.body);
        body.values(closure)
    }

    fn statements(&mut self, body: &Expr) {
        match body {
            Expr::Block(block) if block.label.is_none() => {
                let count = block.block.stmts.len();
                for (index, statement) in block.block.stmts.iter().enumerate() {
                    self.statement(statement, index + 1 == count);
                }
            }
            expr if self.assignment(expr) => {}
            expr => self.results = self.lower.results(expr),
        }
    }

    fn statement(&mut self, statement: &Stmt, is_last: bool) {
        match statement {
            Stmt::Expr(expr, _) if self.assignment(expr) => {}
            Stmt::Expr(expr, None) if is_last => self.results = self.lower.results(expr),
            statement => self.lower.statement(statement, is_last),
        }
    }

    /// Carries out `x = ..` or `x += ..`; `false` if it is something else.
    fn assignment(&mut self, expr: &Expr) -> bool {
        let (left, op, right) = match expr {
            Expr::Assign(assign) => (&assign.left, None, &assign.right),
            Expr::Binary(binary) => match assigned_by(&binary.op) {
                Some(op) => (&binary.left, Some(op), &binary.right),
                None => return false,
            },
            Expr::Paren(inner) => return self.assignment(&inner.expr),
            Expr::Group(inner) => return self.assignment(&inner.expr),
            _ => return false,
        };
        let before = op.map(|op| (op, self.lower.number(left)));
        let right = self.lower.number(right);
        let Some(ident) = named(left) else {
            self.lower.errors.on(
                left,
                "a tensor is assigned: `&mut x` between the bars, and `x = ..;`",
            );
            return true;
        };
        let value = match (before, right) {
            (None, right) => right,
            (Some((op, Some(before))), Some(right)) => Some(self.lower.apply(op, before, right)),
            _ => None,
        };
        let name = names::plain(ident);
        let is_input = (self.tensors.iter())
            .any(|tensor| !tensor.target && names::plain(&tensor.ident) == name);
        match self.lower.rebind(&name, value) {
            Rebound::Argument if is_input => self.lower.errors.on(
                ident,
                format!(
                    "`{name}` is read alone: write `&mut {name}` between the bars to assign it"
                ),
            ),
            Rebound::Argument => {
                self.assigned.insert(name);
            }
            Rebound::Local => self.lower.errors.on(
                ident,
                format!("`{name}` is a `let`: use `let` again for another value"),
            ),
            Rebound::Unknown => self.lower.errors.on(
                ident,
                format!(
                    "`{name}` is not assigned here: `&mut {name}` between the bars is, for a tensor"
                ),
            ),
        }
        true
    }

    /// What the targets are at the end, and the results.
    fn values(&mut self, closure: &ExprClosure) -> Option<Vec<Id>> {
        let mut values = Vec::new();
        let before = self.lower.errors.count();
        for tensor in self.tensors.iter().filter(|tensor| tensor.target) {
            let name = names::plain(&tensor.ident);
            if !self.assigned.contains(&name) && before == 0 {
                self.lower.errors.on(
                    &tensor.ident,
                    format!("`{name}` is `&mut`, and never assigned: `{name} = ..;`"),
                );
            }
            values.extend(self.lower.value_of(&name));
        }
        let targets = values.len();
        if let Some(results) = self.results.take() {
            values.extend(results);
        } else if self.lower.errors.count() == 0 && targets == 0 {
            self.lower.errors.on(
                &closure.body,
                "the closure ends in an expression, its result",
            );
        }
        if self.lower.errors.count() > 0 {
            return None;
        }
        self.lower.report_unused(0);
        if targets > 0
            && values[targets..]
                .iter()
                .any(|id| self.lower.graph.is_mask(*id))
        {
            self.lower.errors.on(
                &closure.body,
                "beside tensors that are written to, a result is a number",
            );
        }
        if values.len() > MAX_OUTPUTS {
            let count = values.len();
            self.lower.errors.on(
                &closure.body,
                format!("a function has at most {MAX_OUTPUTS} outputs, this one has {count}"),
            );
        }
        Some(values)
    }
}

fn named(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        Expr::Paren(inner) => named(&inner.expr),
        Expr::Group(inner) => named(&inner.expr),
        _ => None,
    }
}
