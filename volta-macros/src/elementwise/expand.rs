//! The items of a function: its type, its scalar functions, and the impls that make an op of it.

use super::compile::Compiled;
use super::emit::{self, Names};
use super::function::{Class, Function};
use super::graph::Id;
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

    fn arguments(&self) -> Vec<Ident> {
        self.inputs
            .iter()
            .chain(&self.parameters)
            .cloned()
            .collect()
    }

    /// What the scalar function asks of its type.
    fn scalar(&self) -> TokenStream {
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
            true => (self.test(), self.predicate()),
            false => (self.scalar_impl(compiled), self.elementwise(compiled)),
        };
        quote!(#functions #scalar #op)
    }

    /// [`impls`](Self::impls), in a scope where volta's items have a name of their own.
    pub(super) fn scoped(&self, cfgs: &[syn::Attribute], compiled: &mut Compiled) -> TokenStream {
        let impls = self.impls(compiled);
        let imports = self.imports();
        quote_spanned! {Span::mixed_site()=>
            #(#cfgs)*
            #[allow(clippy::all)]
            const _: () = {
                #imports
                #impls
            };
        }
    }

    pub(super) fn imports(&self) -> TokenStream {
        let krate = self.krate;
        quote_spanned! {Span::mixed_site()=>
            #[allow(unused_imports)]
            use ::core::clone::Clone as _;
            #[allow(unused_imports)]
            use #krate::ops::codegen::{self as __volta, Mask as _};
        }
    }

    /// `value` and the partial derivatives.
    fn functions(&self, compiled: &mut Compiled) -> TokenStream {
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

    fn scalar_impl(&self, compiled: &Compiled) -> TokenStream {
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

    /// `N` or `N, M`.
    fn sizes(&self, compiled: &Compiled) -> TokenStream {
        let n = number(self.inputs.len());
        match compiled.values.len() {
            1 => quote!(#n),
            m => {
                let m = number(m);
                quote!(#n, #m)
            }
        }
    }

    fn no_input(&self) -> TokenStream {
        let name = &self.name;
        quote_spanned! {Span::mixed_site()=>
            _ => __volta::no_input(#name, output, input),
        }
    }

    fn refusal(&self) -> TokenStream {
        let name = &self.name;
        quote_spanned!(Span::mixed_site()=> __volta::not_differentiable(#name))
    }

    fn elementwise(&self, compiled: &Compiled) -> TokenStream {
        let site = Span::mixed_site();
        let (ident, name, class, given) = (&self.ident, &self.name, self.element(), &self.given);
        let sizes = self.sizes(compiled);
        let (n, m) = (number(self.inputs.len()), number(compiled.values.len()));
        let saves = saves(compiled);
        let labels = self.labels();
        let kernel = self.kernel(&n, &m);
        let slope = slope(compiled);
        let (mut output, mut input) = (quote!(_), quote!(_));
        let (vjp_kernel, composed, vjp_wgsl);
        if compiled.partials.is_empty() {
            vjp_kernel = self.refusal();
            composed = quote_spanned! {site=>
                fn composed_vjp<B: __volta::Backend>(
                    &self,
                    _: usize,
                    _: usize,
                    _: [&B::Prim<E>; #n],
                    _: &B::Prim<E>,
                    _: &B::Prim<E>,
                ) -> B::Prim<E> {
                    #vjp_kernel
                }
            };
            vjp_wgsl = self.refusal();
        } else {
            output = quote_spanned!(site=> output);
            input = quote_spanned!(site=> input);
            vjp_kernel = self.vjp_kernel(compiled, &n, &m);
            let y = output_name(&[]);
            composed = quote_spanned! {site=>
                fn composed_vjp<B: __volta::Backend>(
                    &self,
                    output: usize,
                    input: usize,
                    x: [&B::Prim<E>; #n],
                    #y: &B::Prim<E>,
                    gy: &B::Prim<E>,
                ) -> B::Prim<E> {
                    __volta::compose::<Self, B, E, #n, #m>(self, output, input, x, #y, gy)
                }
            };
            vjp_wgsl = quote_spanned! {site=>
                __volta::wgsl::Function::vjp::<Self, #n, #m>(#name, &[#(#labels),*], output, input)
            };
        }
        quote_spanned! {site=>
            impl<E: __volta::#class> __volta::Elementwise<E, #sizes> for #ident {
                const NAME: &'static str = #name;
                const SAVES: __volta::Saves = #saves;

                fn params(&self) -> __volta::Params {
                    __volta::Params::of(#given)
                }

                #slope

                fn kernel() -> __volta::RawKernel {
                    #kernel
                }

                fn vjp_kernel(#output: usize, #input: usize) -> __volta::RawKernel {
                    #vjp_kernel
                }

                #composed


            }
        }
    }

    /// The names of the parameters.
    pub(super) fn labels(&self) -> Vec<String> {
        self.parameters.iter().map(names::plain).collect()
    }

    fn kernel(&self, n: &Literal, m: &Literal) -> TokenStream {
        let site = Span::mixed_site();
        if !self.is_static {
            return quote_spanned! {site=>
                __volta::RawKernel::value::<Self, E::Compute, #n, #m>()
            };
        }
        let ident = &self.ident;
        let set = format_ident!(
            "{}",
            match self.class {
                Class::Float => "float",
                Class::Int => "integer",
                _ => "number",
            },
            span = site
        );
        quote_spanned! {site=>
            static SET: __volta::KernelSet = __volta::KernelSet::#set::<#ident, #n, #m>();
            <E::Compute as __volta::Lane>::pick(&SET)
        }
    }

    fn vjp_kernel(&self, compiled: &Compiled, n: &Literal, m: &Literal) -> TokenStream {
        let site = Span::mixed_site();
        let saves = saves(compiled);
        let ident = &self.ident;
        let places = (0..compiled.values.len())
            .map(|output| (0..self.inputs.len()).map(move |input| (number(output), number(input))));
        if self.is_static {
            let rows = places.map(|row| {
                let sets = row.map(|(output, input)| {
                    quote_spanned! {site=>
                        __volta::KernelSet::vjp::<#ident, #n, #m, #output, #input>(#saves)
                    }
                });
                quote!([#(#sets),*])
            });
            return quote_spanned! {site=>
                static SETS: [[__volta::KernelSet; #n]; #m] = [#(#rows),*];
                <E::Compute as __volta::Lane>::pick(&SETS[output][input])
            };
        }
        let arms = places.flatten().map(|(output, input)| {
            quote_spanned! {site=>
                (#output, #input) => {
                    __volta::RawKernel::vjp::<Self, E::Compute, #n, #m, #output, #input>(#saves)
                }
            }
        });
        let none = self.no_input();
        quote_spanned!(site=> match (output, input) { #(#arms)* #none })
    }

    fn test(&self) -> TokenStream {
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

    fn predicate(&self) -> TokenStream {
        let site = Span::mixed_site();
        let (ident, name, class, given) = (&self.ident, &self.name, self.element(), &self.given);
        let n = number(self.inputs.len());
        let labels = self.labels();
        let (generics, element, compute) = match self.class {
            Class::Bool => (
                quote!(),
                quote_spanned!(site=> bool),
                quote_spanned!(site=> <bool as __volta::Dtype>::Compute),
            ),
            _ => (
                quote_spanned!(site=> <E: __volta::#class>),
                quote_spanned!(site=> E),
                quote_spanned!(site=> E::Compute),
            ),
        };
        let kernel = match self.is_static {
            false => quote_spanned!(site=> __volta::RawKernel::test::<Self, #compute, #n>()),
            true => {
                let set = format_ident!(
                    "{}",
                    match self.class {
                        Class::Float => "test_float",
                        Class::Num => "test_number",
                        Class::Int => "test_integer",
                        Class::Any => "test_any",
                        Class::Bool => "test_bool",
                    },
                    span = site
                );
                quote_spanned! {site=>
                    static SET: __volta::KernelSet = __volta::KernelSet::#set::<#ident, #n>();
                    <#compute as __volta::Lane>::pick(&SET)
                }
            }
        };
        quote_spanned! {site=>
            impl #generics __volta::Predicate<#element, #n> for #ident {
                const NAME: &'static str = #name;

                fn params(&self) -> __volta::Params {
                    __volta::Params::of(#given)
                }

                fn kernel() -> __volta::RawKernel {
                    #kernel
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

/// What is known of derivatives that are the same everywhere.
fn slope(compiled: &Compiled) -> Option<TokenStream> {
    let site = Span::mixed_site();
    let mut arms = TokenStream::new();
    for (output, partials) in compiled.partials.iter().enumerate() {
        for (input, partial) in partials.iter().enumerate() {
            let slope = match compiled.graph.as_literal(*partial) {
                Some(0.0) => quote_spanned!(site=> Zero),
                Some(1.0) => quote_spanned!(site=> One),
                _ => continue,
            };
            let (output, input) = (number(output), number(input));
            arms.extend(quote_spanned!(site=> (#output, #input) => __volta::Slope::#slope,));
        }
    }
    if arms.is_empty() {
        return None;
    }
    Some(quote_spanned! {site=>
        fn slope(output: usize, input: usize) -> __volta::Slope {
            match (output, input) {
                #arms
                _ => __volta::Slope::Other,
            }
        }
    })
}

/// What the derivatives read.
fn saves(compiled: &Compiled) -> TokenStream {
    let site = Span::mixed_site();
    match compiled.saves {
        (false, false) => quote_spanned!(site=> __volta::Saves::Nothing),
        (true, false) => quote_spanned!(site=> __volta::Saves::Inputs),
        (false, true) => quote_spanned!(site=> __volta::Saves::Output),
        (true, true) => quote_spanned!(site=> __volta::Saves::Both),
    }
}

/// What the output is called beside these arguments.
fn output_name(arguments: &[Ident]) -> Ident {
    let is_free = |name: &&str| {
        arguments
            .iter()
            .all(|argument| names::plain(argument) != *name)
    };
    let name = ["y", "result", "result_"].into_iter().find(is_free);
    Ident::new(name.unwrap_or("result__"), Span::mixed_site())
}

fn partial_name(output: usize, argument: usize) -> Ident {
    format_ident!("partial_{output}_{argument}", span = Span::mixed_site())
}

pub(super) fn number(number: usize) -> Literal {
    Literal::usize_unsuffixed(number)
}
