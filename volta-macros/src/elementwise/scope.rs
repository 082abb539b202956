//! The names that a body has, and what they stand for.

use super::function::Function;
use super::graph::Id;
use super::lower::Lower;
use super::names;
use proc_macro2::{TokenStream, TokenTree};
use quote::format_ident;
use syn::Ident;

/// A name and what it stands for: `None` after an error.
pub(super) struct Binding {
    pub(super) ident: Ident,
    pub(super) value: Option<Id>,
    pub(super) used: bool,
    /// Whether by `let`.
    pub(super) local: bool,
}

/// What [`Lower::rebind`] found.
#[derive(PartialEq)]
pub(super) enum Rebound {
    Argument,
    Local,
    Unknown,
}

impl Lower<'_> {
    pub(super) fn bind(&mut self, ident: &Ident, value: Id) {
        self.scope.push(Binding {
            ident: ident.clone(),
            value: Some(value),
            used: false,
            local: false,
        });
    }

    /// Binds the names in a pattern that is not known, so that their uses are not reported.
    pub(super) fn bind_all(&mut self, pattern: TokenStream) {
        for tree in pattern {
            match tree {
                TokenTree::Ident(ident) => self.scope.push(Binding {
                    ident,
                    value: None,
                    used: true,
                    local: true,
                }),
                TokenTree::Group(group) => self.bind_all(group.stream()),
                _ => {}
            }
        }
    }

    /// Binds `y`, the value of the function whose derivative follows.
    pub(super) fn bind_result(&mut self, y: Id) {
        self.bind(&format_ident!("y"), y);
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
                // In `fuse!` it is the name of a tensor.
                let otherwise = match self.captures {
                    Some(_) => String::new(),
                    None => format!(", or call it `_{name}`"),
                };
                self.errors.on(
                    &binding.ident,
                    format!("`{name}` is not used: leave it out{otherwise}"),
                );
            }
        }
    }

    /// What a name is bound to.
    pub(super) fn binding(&self, name: &str) -> Option<&Binding> {
        let mut bindings = self.scope.iter().rev();
        bindings.find(|binding| names::plain(&binding.ident) == name)
    }
}
