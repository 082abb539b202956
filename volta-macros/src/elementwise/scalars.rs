//! The scalar functions of an op: its value and its derivatives, generic over what they compute with.

use super::compile::Compiled;
use super::emit::{self, Names};
use super::expand::{Op, number, output_name, partial_name};
use super::function::Class;
use super::graph::Id;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

impl Op<'_> {
    /// `value` and the partial derivatives.
    pub(super) fn functions(&self, compiled: &mut Compiled) -> TokenStream {
        let site = Span::mixed_site();
        let (ident, vis, bound) = (&self.ident, &self.vis, self.scalar());
        let arguments = self.arguments();
        let output = output_name(&arguments);
        let called = Names {
            arguments: &arguments,
            output: &output,
            fold: self.class == Class::Float,
        };
        let values = compiled.values.clone();
        let result = match (self.is_test, values.len()) {
            (true, _) => quote_spanned!(site=> T::Mask),
            (false, 1) => quote_spanned!(site=> T),
            (false, count) => {
                let count = number(count);
                quote_spanned!(site=> [T; #count])
            }
        };
        let body = emit::body(&mut compiled.graph, &values, &called);
        let parameters = parameters(&arguments, None, &body, compiled);
        let tokens = &body.tokens;
        let mut functions = quote_spanned! {site=>
            #[doc(hidden)]
            #[inline(always)]
            #vis fn value<#bound>(#parameters) -> #result {
                #tokens
            }
        };
        for (place, of_output) in compiled.partials.clone().iter().enumerate() {
            for (argument, partial) in of_output.iter().enumerate() {
                let name = partial_name(place, argument);
                let body = emit::body(&mut compiled.graph, &[*partial], &called);
                let parameters = self::parameters(&arguments, Some(&output), &body, compiled);
                let tokens = &body.tokens;
                functions.extend(quote_spanned! {site=>
                    #[doc(hidden)]
                    #[inline(always)]
                    #vis fn #name<#bound>(#parameters) -> T {
                        #tokens
                    }
                });
            }
        }
        quote_spanned! {site=>
            #[allow(dead_code, non_snake_case)]
            impl #ident {
                #functions
            }
        }
    }

    /// The arguments in a call: inputs by name, parameters out of the slice.
    fn passed(&self) -> TokenStream {
        let inputs = &self.inputs;
        let params = (0..self.parameters.len()).map(|index| {
            let index = Literal::usize_unsuffixed(index);
            quote_spanned!(Span::mixed_site()=> params[#index].clone())
        });
        quote!(#(#inputs,)* #(#params,)*)
    }

    fn params_name(&self) -> TokenStream {
        match self.parameters.is_empty() {
            true => quote_spanned!(Span::mixed_site()=> _),
            false => quote_spanned!(Span::mixed_site()=> params),
        }
    }

    pub(super) fn scalar_impl(&self, compiled: &Compiled) -> TokenStream {
        let site = Span::mixed_site();
        let (ident, bound, inputs) = (&self.ident, self.scalar(), &self.inputs);
        let sizes = self.sizes(compiled);
        let (n, m) = (number(inputs.len()), number(compiled.values.len()));
        let (passed, params) = (self.passed(), self.params_name());
        let value = quote_spanned!(site=> Self::value(#passed));
        let value = match compiled.values.len() {
            1 => quote!([#value]),
            _ => value,
        };
        let y = output_name(&self.arguments());
        let partial = match compiled.partials.is_empty() {
            true => self.refusal(),
            false => {
                let mut arms = TokenStream::new();
                for output in 0..compiled.partials.len() {
                    for input in 0..inputs.len() {
                        let name = partial_name(output, input);
                        let (output, input) = (number(output), number(input));
                        arms.extend(quote_spanned! {site=>
                            (#output, #input) => Self::#name(#passed #y),
                        });
                    }
                }
                let none = self.no_input();
                quote_spanned!(site=> match (output, input) { #arms #none })
            }
        };
        let (args, y) = match compiled.partials.is_empty() {
            true => (quote!(_), quote!(_)),
            false => (quote!([#(#inputs),*]), quote!(#y)),
        };
        let (output, input, of_partial) = match compiled.partials.is_empty() {
            true => (quote!(_), quote!(_), quote!(_)),
            false => (
                quote_spanned!(site=> output),
                quote_spanned!(site=> input),
                params.clone(),
            ),
        };
        quote_spanned! {site=>
            impl<#bound> __volta::Scalar<T, #sizes> for #ident {
                #[inline(always)]
                fn value([#(#inputs),*]: [T; #n], #params: &[T]) -> [T; #m] {
                    #value
                }

                #[inline(always)]
                fn partial(
                    #output: usize,
                    #input: usize,
                    #args: [T; #n],
                    #y: T,
                    #of_partial: &[T],
                ) -> T {
                    #partial
                }
            }
        }
    }

    pub(super) fn test_impl(&self) -> TokenStream {
        let (ident, bound, inputs) = (&self.ident, self.scalar(), &self.inputs);
        let (passed, params) = (self.passed(), self.params_name());
        let n = number(inputs.len());
        quote_spanned! {Span::mixed_site()=>
            impl<#bound> __volta::Test<T, #n> for #ident {
                #[inline(always)]
                fn test([#(#inputs),*]: [T; #n], #params: &[T]) -> T::Mask {
                    Self::value(#passed)
                }
            }
        }
    }
}

/// `x: T, ..`, with `_` for what the body does not read.
fn parameters(
    arguments: &[Ident],
    output: Option<&Ident>,
    body: &emit::Body,
    compiled: &mut Compiled,
) -> TokenStream {
    let graph = &mut compiled.graph;
    let mut all: Vec<(Id, &Ident)> = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        all.push((graph.argument(index), argument));
    }
    all.extend(output.map(|output| (graph.output(), output)));
    let parameters = all.into_iter().map(|(id, ident)| match body.reads(id) {
        true => quote_spanned!(Span::mixed_site()=> #ident: T),
        false => quote_spanned!(Span::mixed_site()=> _: T),
    });
    quote!(#(#parameters),*)
}
