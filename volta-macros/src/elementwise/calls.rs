//! Calls: of intrinsics, of volta's functions, and of other elementwise functions.

use super::function::{Class, Function};
use super::graph::{Callee, Id, Node};
use super::intrinsics::Intrinsic;
use super::lower::Lower;
use super::names;
use crate::errors::Errors;
use quote::ToTokens;
use syn::{Expr, ExprCall, ExprMethodCall, Ident, Path, PathArguments};

/// Rust's names for what is called otherwise here.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("powf", "pow"),
    ("powi", "pow"),
    ("exp_m1", "expm1"),
    ("ln_1p", "log1p"),
    ("round_ties_even", "round"),
    ("fabs", "abs"),
    ("signum", "sign"),
];

impl Lower<'_> {
    pub(super) fn call(&mut self, call: &ExprCall) -> Option<Id> {
        let tests = std::mem::take(&mut self.tests);
        let args: Vec<&Expr> = call.args.iter().collect();
        let path = match &*call.func {
            Expr::Path(func) if func.qself.is_none() => &func.path,
            func => return self.fail(func, "a call is of a function, by its name"),
        };
        let has_generics = (path.segments.iter())
            .find(|segment| !matches!(segment.arguments, PathArguments::None));
        if let Some(segment) = has_generics {
            return self.fail(segment, "no generics here: a function is of every type");
        }
        match path.get_ident() {
            Some(ident) => self.call_by_name(ident, &args, call, tests),
            None => self.call_by_path(path, &args, call, tests),
        }
    }

    pub(super) fn method(&mut self, call: &ExprMethodCall) -> Option<Id> {
        let name = names::plain(&call.method);
        let args: Vec<&Expr> = [&*call.receiver].into_iter().chain(&call.args).collect();
        if let Some(turbofish) = &call.turbofish {
            return self.fail(turbofish, "no generics here: a function is of every type");
        }
        if Intrinsic::find(&name).is_some() || name == "max" || name == "min" {
            return self.call_by_name(&call.method, &args, call, false);
        }
        let hint = Self::hint(&name, Intrinsic::names().chain(["max", "min"]));
        self.fail(
            &call.method,
            format!("no method `{name}` here, only intrinsics such as `x.exp()`{hint}"),
        )
    }

    fn hint<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
        match OTHER_NAMES.iter().find(|(other, _)| *other == name) {
            Some((_, here)) => format!(": it is called `{here}` here"),
            None => names::did_you_mean(name, known),
        }
    }

    fn call_by_name(
        &mut self,
        ident: &Ident,
        args: &[&Expr],
        call: impl ToTokens,
        tests: bool,
    ) -> Option<Id> {
        let name = names::plain(ident);
        if let Some(binding) = self.binding(&name) {
            binding.value?;
            return self.fail(ident, format!("`{name}` is a number here, no function"));
        }
        if name == "select" {
            return self.select_call(args, call);
        }
        if let Some(intrinsic) = Intrinsic::find(&name) {
            return self.intrinsic_call(ident, intrinsic, args, call);
        }
        let alias = match name.as_str() {
            "max" => Some("maximum"),
            "min" => Some("minimum"),
            _ => None,
        };
        let ident = &match alias {
            Some(alias) => Ident::new(alias, ident.span()),
            None => ident.clone(),
        };
        let name = names::plain(ident);
        if self.own_name.as_ref() == Some(&name) {
            return self.fail(
                ident,
                format!("`{name}` calls itself: a function has no recursion"),
            );
        }
        if self.functions.table.is_some() {
            return self.call_in_table(ident, &name, args, call);
        }
        if let Some((_, here)) = OTHER_NAMES.iter().find(|(other, _)| *other == name) {
            return self.fail(ident, format!("`{name}` is called `{here}` here"));
        }
        if name.starts_with(char::is_uppercase) {
            return self.fail(ident, "a call is of a function, by its name: `relu(x)`");
        }
        let callee = (self.functions).of_volta(ident, args.len(), self.class, tests);
        self.opaque_call(callee, args, call, tests)
    }

    fn call_by_path(
        &mut self,
        path: &Path,
        args: &[&Expr],
        call: &ExprCall,
        tests: bool,
    ) -> Option<Id> {
        let last = path.segments.last()?;
        let name = names::plain(&last.ident);
        let is_own = path.segments.len() == 2 && path.segments[0].ident == "self";
        if is_own && self.own_name.as_ref() == Some(&name) {
            return self.fail(
                &last.ident,
                format!("`{name}` calls itself: a function has no recursion"),
            );
        }
        if name.starts_with(char::is_uppercase) {
            return self.fail(
                path,
                "a call is of a function, by its name: `self::snake(x)`",
            );
        }
        let mut path = path.clone();
        let last = path.segments.last_mut()?;
        last.ident = names::called_type(&last.ident, &name);
        let callee = Callee {
            path,
            named: None,
            entry: None,
        };
        self.opaque_call(callee, args, call, tests)
    }

    fn select_call(&mut self, args: &[&Expr], call: impl ToTokens) -> Option<Id> {
        let [mask, yes, no] = args else {
            return self.fail(
                call,
                format!(
                    "`select` takes a condition and two values, {} given",
                    are(args.len())
                ),
            );
        };
        let (mask, yes, no) = (self.mask(mask), self.expr(yes), self.expr(no));
        self.choose(call, mask?, yes?, no?)
    }

    fn numbers(&mut self, args: &[&Expr]) -> Option<Vec<Id>> {
        let all: Vec<Option<Id>> = args.iter().map(|arg| self.number(arg)).collect();
        all.into_iter().collect()
    }

    fn intrinsic_call(
        &mut self,
        ident: &Ident,
        intrinsic: Intrinsic,
        args: &[&Expr],
        call: impl ToTokens,
    ) -> Option<Id> {
        let name = names::plain(ident);
        let values = self.numbers(args);
        if args.len() != intrinsic.arguments().len() {
            return self.wrong_count(&name, intrinsic.arguments().len(), args.len(), call);
        }
        let fits = match self.class {
            Class::Float => true,
            Class::Num | Class::Int => intrinsic.is_of_numbers(),
            Class::Any | Class::Bool => false,
        };
        if !fits {
            let class = self.class.name();
            let needs = if intrinsic.is_of_numbers() {
                "Num"
            } else {
                "Float"
            };
            return self.fail(
                ident,
                format!("`{name}` needs `{needs}`, and this function is of `{class}`"),
            );
        }
        Some(self.graph.intrinsic(intrinsic, values?))
    }

    fn wrong_count(
        &mut self,
        name: &str,
        expected: usize,
        given: usize,
        call: impl ToTokens,
    ) -> Option<Id> {
        let plural = if expected == 1 { "" } else { "s" };
        self.fail(
            call,
            format!(
                "`{name}` takes {expected} argument{plural}, {} given",
                are(given)
            ),
        )
    }

    /// A call that stays one.
    fn opaque_call(
        &mut self,
        callee: Callee,
        args: &[&Expr],
        call: impl ToTokens,
        tests: bool,
    ) -> Option<Id> {
        let values = self.numbers(args);
        if matches!(self.class, Class::Any | Class::Bool) {
            let class = self.class.name();
            return self.fail(
                call,
                format!("a function of `{class}` only tests its inputs: it calls none"),
            );
        }
        if args.is_empty() {
            return self.fail(call, "an elementwise function has an input");
        }
        let values = values?;
        let callee = self.graph.callee(callee);
        Some(self.graph.node(match tests {
            true => Node::Test(callee, values),
            false => Node::Call(callee, values),
        }))
    }

    /// A call of another entry: inlined, unless its derivative is written out.
    fn call_in_table(
        &mut self,
        ident: &Ident,
        name: &str,
        args: &[&Expr],
        call: impl ToTokens,
    ) -> Option<Id> {
        let functions = self.functions;
        let Some((index, entry)) = functions.entry(name) else {
            let entries: Vec<String> = (functions.table.into_iter().flatten())
                .map(Function::name)
                .collect();
            let known = Intrinsic::names().chain(entries.iter().map(String::as_str));
            let hint = Self::hint(name, known);
            return self.fail(
                ident,
                format!("`{name}` is no intrinsic and no entry of this table{hint}"),
            );
        };
        let expected = entry.arguments().count();
        if args.len() != expected {
            return self.wrong_count(name, expected, args.len(), call);
        }
        if entry.count() != 1 {
            return self.fail(ident, format!("`{name}` has several outputs"));
        }
        let fits = match (self.class, entry.class) {
            (own, other) if own == other => true,
            (Class::Float | Class::Int, Class::Num) => true,
            (Class::Float | Class::Num | Class::Int | Class::Bool, Class::Any) => true,
            _ => false,
        };
        if !fits {
            let (needs, class) = (entry.class.name(), self.class.name());
            return self.fail(
                ident,
                format!("`{name}` needs `{needs}`, and this function is of `{class}`"),
            );
        }
        if self.inlined.contains(&index) {
            self.circle = true;
            return self.fail(
                ident,
                format!("`{name}` calls itself: a function has no recursion"),
            );
        }
        if !entry.attrs.derivatives.is_empty() {
            let callee = Callee {
                path: names::called_type(ident, name).into(),
                named: None,
                entry: Some(index),
            };
            return self.opaque_call(callee, args, call, false);
        }
        let values: Vec<Option<Id>> = args.iter().map(|arg| self.expr(arg)).collect();
        let values = values.into_iter().collect::<Option<Vec<Id>>>()?;
        let body = entry.body.as_ref()?;
        // What is wrong with the entry is reported there.
        let mut errors = Errors::default();
        let mut inner = Lower::new(self.graph, functions, entry.class, &mut errors);
        inner.inlined = self.inlined.clone();
        inner.inlined.push(index);
        for (argument, value) in entry.arguments().zip(values) {
            inner.bind(argument, value);
        }
        let value = inner.block(body, |this, tail| this.expr(tail));
        if inner.circle {
            self.circle = true;
            return self.fail(ident, format!("this call of `{name}` comes back to itself"));
        }
        value
    }
}

fn are(count: usize) -> String {
    match count {
        1 => "1 is".to_owned(),
        count => format!("{count} are"),
    }
}
