//! Blocks, their statements and their results.

use super::graph::Id;
use super::lower::{Lower, assigned_by};
use super::refusals;
use super::scope::Binding;
use quote::ToTokens;
use syn::{Block, Expr, ExprIf, Local, Pat, Stmt};

impl Lower<'_> {
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
            Stmt::Macro(call) => self.errors.on(call, refusals::NO_MACROS),
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
            Stmt::Expr(expr, _) => {
                let before = self.errors.count();
                if let Expr::If(branch) = expr {
                    self.inner_statements(branch);
                }
                if self.errors.count() == before {
                    self.errors.on(
                        expr,
                        "this has no effect: name the value with `let`, or leave it out",
                    );
                }
            }
        }
    }

    /// Reports a `return` or an assignment in the arms of an `if` that gives no value.
    fn inner_statements(&mut self, branch: &ExprIf) {
        for statement in &branch.then_branch.stmts {
            match statement {
                Stmt::Expr(expr @ (Expr::Return(_) | Expr::Assign(_)), _) => {
                    self.expr(expr);
                }
                Stmt::Expr(expr @ Expr::Binary(binary), _) if assigned_by(&binary.op).is_some() => {
                    self.expr(expr);
                }
                Stmt::Expr(Expr::If(branch), _) => self.inner_statements(branch),
                _ => {}
            }
        }
        match branch.else_branch.as_ref().map(|(_, arm)| &**arm) {
            Some(Expr::If(branch)) => self.inner_statements(branch),
            Some(Expr::Block(arm)) => {
                self.inner_statements(&ExprIf {
                    then_branch: arm.block.clone(),
                    else_branch: None,
                    ..branch.clone()
                });
            }
            _ => {}
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
                match (pat, &*init.expr) {
                    (Pat::Tuple(_), Expr::Tuple(tuple)) => {
                        for element in &tuple.elems {
                            self.expr(element);
                        }
                        None
                    }
                    (_, expr) => self.expr(expr),
                }
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
            pat => {
                self.errors
                    .on(pat, "a `let` here binds one name: write one for each");
                self.bind_all(pat.to_token_stream());
            }
        }
    }
}
