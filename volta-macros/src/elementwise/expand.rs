//! The items of a function: its type, its scalar functions, and the impls that make an op of it.

use super::compile::Compiled;
use super::function::{Class, Function};
use super::names;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Path, Visibility};

/// An op to be written out.
pub(super) struct Op<'a> {
    /// Where volta is.
    pub(super) krate: &'a Path,
    pub(super) ident: Ident,
    pub(super) name: String,
    pub(super) vis: Visibility,
    pub(super) class: Class,
    pub(super) inputs: Vec<Ident>,
    pub(super) parameters: Vec<Ident>,
    pub(super) is_test: bool,
    /// The run-time parameters of `self`, as a slice.
    pub(super) given: TokenStream,
    /// Whether kernels are compiled once, in a static.
    pub(super) is_static: bool,
}

impl<'a> Op<'a> {
    pub(super) fn of(function: &Function, krate: &'a Path, is_static: bool) -> Self {
        let parameters: Vec<Ident> = (function.parameters.iter())
            .map(|parameter| parameter.ident.clone())
            .collect();
        Op {
            krate,
            ident: names::type_of(&function.ident),
            name: function.name(),
            vis: function.vis.clone(),
            class: function.class,
            inputs: function.inputs.clone(),
            given: quote_spanned!(Span::mixed_site()=> &[#(self.#parameters),*]),
            parameters,
            is_test: function.is_test(),
            is_static,
        }
    }

    pub(super) fn arguments(&self) -> Vec<Ident> {
        self.inputs
            .iter()
            .chain(&self.parameters)
            .cloned()
            .collect()
    }

    /// What the scalar function asks of its type.
    pub(super) fn scalar(&self) -> TokenStream {
        let site = Span::mixed_site();
        match self.class {
            Class::Float => quote_spanned!(site=> T: __volta::Real),
            Class::Num => quote_spanned!(site=> T: __volta::Ring),
            Class::Int => quote_spanned!(site=> T: __volta::Bits),
            Class::Any => quote_spanned!(site=> T: __volta::Ordered),
            Class::Bool => {
                quote_spanned!(site=> T: __volta::Mask + __volta::Ordered<Mask = T>)
            }
        }
    }

    /// The trait of the element types.
    pub(super) fn element(&self) -> Ident {
        let name = match self.class {
            Class::Any | Class::Bool => "Dtype",
            class => class.name(),
        };
        Ident::new(name, Span::mixed_site())
    }

    /// The impls, in a scope where volta's items have a name of their own.
    pub(super) fn impls(&self, compiled: &mut Compiled) -> TokenStream {
        let functions = self.functions(compiled);
        let (scalar, op) = match self.is_test {
            true => (self.test_impl(), self.predicate()),
            false => (self.scalar_impl(compiled), self.elementwise(compiled)),
        };
        quote!(#functions #scalar #op)
    }

    /// [`impls`](Self::impls), in a scope where volta's items have a name of their own.
    pub(super) fn scoped(&self, cfgs: &[syn::Attribute], compiled: &mut Compiled) -> TokenStream {
        let impls = self.impls(compiled);
        let imports = imports(self.krate);
        let named = compiled
            .graph
            .callees
            .iter()
            .filter_map(|callee| Some(&callee.named.as_ref()?.1));
        quote_spanned! {Span::mixed_site()=>
            #(#cfgs)*
            #[allow(clippy::all)]
            const _: () = {
                #imports
                #(#named)*
                #impls
            };
        }
    }

    /// `N` or `N, M`.
    pub(super) fn sizes(&self, compiled: &Compiled) -> TokenStream {
        let n = number(self.inputs.len());
        match compiled.values.len() {
            1 => quote!(#n),
            m => {
                let m = number(m);
                quote!(#n, #m)
            }
        }
    }

    pub(super) fn no_input(&self) -> TokenStream {
        let name = &self.name;
        quote_spanned! {Span::mixed_site()=>
            _ => __volta::no_input(#name, output, input),
        }
    }

    pub(super) fn refusal(&self) -> TokenStream {
        let name = &self.name;
        quote_spanned!(Span::mixed_site()=> __volta::not_differentiable(#name))
    }
}

/// What the output is called beside these arguments.
pub(super) fn output_name(arguments: &[Ident]) -> Ident {
    let is_free = |name: &&str| {
        arguments
            .iter()
            .all(|argument| names::plain(argument) != *name)
    };
    let name = ["y", "result", "result_"].into_iter().find(is_free);
    Ident::new(name.unwrap_or("result__"), Span::mixed_site())
}

pub(super) fn partial_name(output: usize, argument: usize) -> Ident {
    format_ident!("partial_{output}_{argument}", span = Span::mixed_site())
}

pub(super) fn number(number: usize) -> Literal {
    Literal::usize_unsuffixed(number)
}

/// A name for volta's items, and the traits whose methods the bodies call.
pub(super) fn imports(krate: &Path) -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        #[allow(unused_imports)]
        use ::core::clone::Clone as _;
        #[allow(unused_imports)]
        use #krate::ops::codegen::{self as __volta, Mask as _};
    }
}
