//! The functions that a body may call besides the intrinsics.

use super::function::{Class, Function};
use super::graph::{Callee, Graph, Id};
use super::lower::Lower;
use super::{lookup, names};
use crate::errors::Errors;
use proc_macro2::Span;
use quote::quote;
use syn::{Ident, Path};

/// Where a bare name is looked up.
pub(super) struct Functions<'a> {
    /// Where volta is.
    pub(super) krate: &'a Path,
    /// The entries of the table that the function is in.
    pub(super) table: Option<&'a [Function]>,
}

impl Functions<'_> {
    /// Volta's function `ident`: a name that the expansion gives to the type. One call of
    /// `function!` finds it, so that what is wrong with it is said once.
    pub(super) fn of_volta(
        &self,
        ident: &Ident,
        count: usize,
        class: Class,
        tests: bool,
    ) -> Callee {
        let (krate, name) = (self.krate, names::plain(ident));
        let kind = if tests { "Test" } else { "" };
        let alias = format!("__{}{kind}{count}", names::camel_case(&name));
        let alias = Ident::new(&alias, ident.span().resolved_at(Span::mixed_site()));
        let question = lookup::question(ident, count, class, tests);
        let item = quote!(#krate::ops::elementwise::function! { #alias = #question });
        Callee {
            path: alias.into(),
            named: Some((name, item)),
            entry: None,
        }
    }

    /// The entry of the table with this name.
    pub(super) fn entry(&self, name: &str) -> Option<(usize, &Function)> {
        let entries = self.table?.iter().enumerate();
        entries.into_iter().find(|(_, entry)| entry.name() == name)
    }

    /// The derivative of a call by an argument, where the table says it.
    pub(super) fn partial(
        &self,
        graph: &mut Graph,
        callee: usize,
        argument: usize,
        args: &[Id],
        y: Id,
    ) -> Option<Id> {
        let entry = &self.table?[graph.callees[callee].entry?];
        let name = entry.arguments().nth(argument)?;
        let (_, expr) = entry.attrs.derivatives.iter().find(|(of, _)| of == name)?;
        // What is wrong with it is reported at its own entry.
        let mut errors = Errors::default();
        let mut lower = Lower::new(graph, self, entry.class, &mut errors);
        for (ident, value) in entry.arguments().zip(args) {
            lower.bind(ident, *value);
        }
        lower.bind_result(y);
        lower.number(expr)
    }
}
