//! The functions that a body may call besides the intrinsics.

use super::function::Function;
use super::graph::{Graph, Id};
use super::lower::Lower;
use super::names;
use crate::errors::Errors;
use syn::{Ident, Path, parse_quote};

/// Where a bare name is looked up.
pub(super) struct Functions<'a> {
    /// Where volta is.
    pub(super) krate: &'a Path,
    /// The entries of the table that the function is in.
    pub(super) table: Option<&'a [Function]>,
}

impl Functions<'_> {
    /// The type of volta's function `ident`.
    pub(super) fn of_volta(&self, ident: &Ident, name: &str) -> Path {
        let krate = self.krate;
        let ty = names::called_type(ident, name);
        parse_quote!(#krate::ops::elementwise::#ty)
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
