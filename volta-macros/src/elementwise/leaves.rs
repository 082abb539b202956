//! Literals, names, constants, and what is captured of the surrounding code.

use super::function::Class;
use super::graph::Id;
use super::lower::Lower;
use super::names;
use quote::ToTokens;
use syn::{Expr, Lit, Path, parse_quote};

/// Whole literals above this are not exact.
const MAX_WHOLE: u64 = 1 << 53;

impl Lower<'_> {
    pub(super) fn literal(&mut self, lit: &Lit) -> Option<Id> {
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
                        "`{text}` is no integer, and a function of `{name}` is of integers, too: one \
                         of `Float` is not"
                    ),
                );
            }
        }
        Some(self.graph.literal(value))
    }

    pub(super) fn path(&mut self, path: &Path, expr: &Expr) -> Option<Id> {
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
    pub(super) fn capture_field(&mut self, expr: &Expr) -> Option<Id> {
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
}
