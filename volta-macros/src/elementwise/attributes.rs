//! `#[derivative(..)]`, `#[domain(..)]`, `#[operator]` and `#[method(..)]` on a function, `#[default(..)]`
//! on a parameter.

use super::names;
use crate::errors::Errors;
use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, LitFloat, Token, UnOp, parse_quote};

#[derive(Default)]
pub(super) struct Attributes {
    pub(super) docs: Vec<Attribute>,
    pub(super) cfgs: Vec<Attribute>,
    /// For the function alone, such as `#[must_use]`.
    pub(super) others: Vec<Attribute>,
    /// Derivatives that the user wrote, by the argument.
    pub(super) derivatives: Vec<(Ident, Expr)>,
    pub(super) domain: Option<(Expr, Expr)>,
    /// An operator computes it: it is no method.
    pub(super) operator: bool,
    /// Further names of its method.
    pub(super) methods: Vec<Ident>,
}

impl Attributes {
    /// `in_table`: whether what only the table has is allowed.
    pub(super) fn read(attrs: Vec<Attribute>, in_table: bool, errors: &mut Errors) -> Self {
        let mut this = Attributes::default();
        for attr in attrs {
            let name = attr.path().get_ident().map(names::plain);
            match name.as_deref() {
                Some("doc") => this.docs.push(attr),
                Some("cfg") => this.cfgs.push(attr),
                Some("derivative") => this.read_derivative(&attr, errors),
                Some("domain") => match attr.parse_args_with(parse_domain) {
                    Ok(domain) => this.domain = Some(domain),
                    Err(_) => errors.on(&attr, "expected a range: `#[domain(0.2..4.0)]`"),
                },
                Some("operator") if in_table => match attr.meta.require_path_only() {
                    Ok(_) => this.operator = true,
                    Err(_) => errors.on(&attr, "`operator` takes no value"),
                },
                Some("method") if in_table => {
                    match attr.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated) {
                        Ok(methods) => this.methods.extend(methods),
                        Err(_) => errors.on(&attr, "expected names: `#[method(log)]`"),
                    }
                }
                Some("default") => errors.on(
                    &attr,
                    "`default` belongs on a parameter: `#[default(0.01)] slope: f64`",
                ),
                _ => this.others.push(attr),
            }
        }
        this
    }

    fn read_derivative(&mut self, attr: &Attribute, errors: &mut Errors) {
        if attr.meta.require_list().is_err() {
            return errors.on(attr, DERIVATIVE);
        }
        let entries = match attr.parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated) {
            Ok(entries) => entries,
            Err(error) => return errors.push(error),
        };
        if entries.is_empty() {
            errors.on(attr, DERIVATIVE);
        }
        for Entry(argument, expr) in entries {
            if self.derivatives.iter().any(|(other, _)| *other == argument) {
                errors.on(
                    &argument,
                    format!("the derivative by `{argument}` is given twice"),
                );
            } else {
                self.derivatives.push((argument, expr));
            }
        }
    }

    /// The value of `#[default(..)]` on an argument.
    pub(super) fn read_default(attrs: &[Attribute], errors: &mut Errors) -> Option<Expr> {
        let mut default = None;
        for attr in attrs {
            if !attr.path().is_ident("default") {
                errors.on(attr, "an argument takes `#[default(..)]` alone");
                continue;
            }
            match attr.parse_args::<Expr>() {
                Ok(value) => match number(&value) {
                    Some(number) => default = Some(number),
                    None => errors.on(value, DEFAULT),
                },
                Err(error) => errors.at(error.span(), DEFAULT),
            }
        }
        default
    }
}

const DERIVATIVE: &str =
    "expected the derivative by an argument: `#[derivative(x = y * (1.0 - y))]`";
const DEFAULT: &str = "expected a number or a constant: `#[default(0.01)]`";

/// `x = expression`.
struct Entry(Ident, Expr);

impl Parse for Entry {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let span = input.span();
        let argument = input
            .parse()
            .map_err(|_| syn::Error::new(span, DERIVATIVE))?;
        if !input.peek(Token![=]) || input.peek(Token![==]) {
            return Err(syn::Error::new_spanned(argument, DERIVATIVE));
        }
        input.parse::<Token![=]>()?;
        Ok(Entry(argument, input.parse()?))
    }
}

fn parse_domain(input: ParseStream) -> syn::Result<(Expr, Expr)> {
    let Expr::Range(range) = input.parse()? else {
        return Err(input.error("no range"));
    };
    match (range.start, range.end) {
        (Some(start), Some(end)) => {
            let wrong = || input.error("no number");
            Ok((
                number(&start).ok_or_else(wrong)?,
                number(&end).ok_or_else(wrong)?,
            ))
        }
        _ => Err(input.error("no range")),
    }
}

/// A literal, with a sign or without, or the path of a constant: as an `f64`.
fn number(expr: &Expr) -> Option<Expr> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Float(float) if float.suffix().is_empty() => Some(expr.clone()),
            Lit::Int(int) if int.suffix().is_empty() => {
                let float = LitFloat::new(&format!("{}.0", int.base10_digits()), int.span());
                Some(parse_quote!(#float))
            }
            _ => None,
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            let number = number(&unary.expr)?;
            Some(parse_quote!(-#number))
        }
        Expr::Path(path) => {
            let last = path.path.segments.last()?;
            names::is_constant(&last.ident.to_string()).then(|| expr.clone())
        }
        Expr::Group(group) => number(&group.expr),
        _ => None,
    }
}
