//! The traits that make an op of scalar functions.

use super::compile::Compiled;
use super::expand::{Op, number, output_name};
use super::function::Class;
use super::graph::{Graph, Id};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

impl Op<'_> {
    pub(super) fn elementwise(&self, compiled: &Compiled) -> TokenStream {
        let site = Span::mixed_site();
        let (ident, name, class) = (&self.ident, &self.name, self.element());
        let sizes = self.sizes(compiled);
        let (n, m) = (number(self.inputs.len()), number(compiled.values.len()));
        let (saves, params, slope) = (saves(compiled), self.params(), slope(compiled));
        let kernel = self.kernel(&n, &m);
        let count = number(self.parameters.len());
        let derivative = match compiled.partials.is_empty() {
            true => self.no_derivative(&n),
            false => self.derivative(compiled, &n, &m),
        };
        quote_spanned! {site=>
            impl<E: __volta::#class> __volta::Elementwise<E, #sizes> for #ident {
                const NAME: &'static str = #name;
                const SAVES: __volta::Saves = #saves;

                #params

                #slope

                fn kernel() -> __volta::RawKernel {
                    #kernel
                }

                fn wgsl() -> __volta::wgsl::Function {
                    __volta::wgsl_value::<Self, E, #n, #m>(#name, #count)
                }

                #derivative
            }
        }
    }

    fn params(&self) -> Option<TokenStream> {
        let given = &self.given;
        (!self.parameters.is_empty()).then(|| {
            quote_spanned! {Span::mixed_site()=>
                fn params(&self) -> __volta::Params {
                    __volta::Params::of(#given)
                }
            }
        })
    }

    fn derivative(&self, compiled: &Compiled, n: &Literal, m: &Literal) -> TokenStream {
        let vjp_kernel = self.vjp_kernel(compiled, n, m);
        let (name, count) = (&self.name, number(self.parameters.len()));
        let y = output_name(&[]);
        quote_spanned! {Span::mixed_site()=>
            fn vjp_kernel(output: usize, input: usize) -> __volta::RawKernel {
                #vjp_kernel
            }

            fn vjp_wgsl(
                output: usize,
                input: usize,
            ) -> __volta::wgsl::Function {
                __volta::wgsl_vjp::<Self, E, #n, #m>(#name, #count, output, input)
            }

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
        }
    }

    fn no_derivative(&self, n: &Literal) -> TokenStream {
        let refusal = self.refusal();
        quote_spanned! {Span::mixed_site()=>
            fn vjp_kernel(_: usize, _: usize) -> __volta::RawKernel {
                #refusal
            }

            fn vjp_wgsl(_: usize, _: usize) -> __volta::wgsl::Function {
                #refusal
            }

            fn composed_vjp<B: __volta::Backend>(
                &self,
                _: usize,
                _: usize,
                _: [&B::Prim<E>; #n],
                _: &B::Prim<E>,
                _: &B::Prim<E>,
            ) -> B::Prim<E> {
                #refusal
            }
        }
    }

    fn kernel(&self, n: &Literal, m: &Literal) -> TokenStream {
        let site = Span::mixed_site();
        if !self.is_static {
            return quote_spanned! {site=>
                __volta::RawKernel::value::<Self, E::Compute, #n, #m>()
            };
        }
        let ident = &self.ident;
        let set = match self.class {
            Class::Float => "float",
            Class::Int => "integer",
            _ => "number",
        };
        let set = Ident::new(set, site);
        quote_spanned! {site=>
            static SET: __volta::KernelSet = __volta::KernelSet::#set::<#ident, #n, #m>();
            <E::Compute as __volta::Lane>::pick(&SET)
        }
    }

    fn vjp_kernel(&self, compiled: &Compiled, n: &Literal, m: &Literal) -> TokenStream {
        let site = Span::mixed_site();
        let (ident, saves) = (&self.ident, saves(compiled));
        let row = |output: usize| {
            (0..self.inputs.len()).map(move |input| (number(output), number(input)))
        };
        let outputs = 0..compiled.values.len();
        // A function of several outputs is an optimiser's step, which few programs differentiate:
        // its many derivatives are generated where they are used.
        if self.is_static && compiled.values.len() == 1 {
            let rows = outputs.map(|output| {
                let sets = row(output).zip(&compiled.partials[output]).map(
                    |((output, input), partial)| match is_known(compiled, *partial) {
                        true => quote_spanned!(site=> __volta::KernelSet::NONE),
                        false => quote_spanned! {site=>
                            __volta::KernelSet::vjp::<#ident, #n, #m, #output, #input>(#saves)
                        },
                    },
                );
                quote!([#(#sets),*])
            });
            return quote_spanned! {site=>
                static SETS: [[__volta::KernelSet; #n]; #m] = [#(#rows),*];
                <E::Compute as __volta::Lane>::pick(&SETS[output][input])
            };
        }
        let computed = |output: usize| {
            let partials = &compiled.partials[output];
            (row(output).zip(partials))
                .filter(|(_, partial)| !is_known(compiled, **partial))
                .map(|(place, _)| place)
        };
        let arms = outputs.flat_map(computed).map(|(output, input)| {
            quote_spanned! {site=>
                (#output, #input) => {
                    __volta::RawKernel::vjp::<Self, E::Compute, #n, #m, #output, #input>(#saves)
                }
            }
        });
        let none = self.no_input();
        quote_spanned!(site=> match (output, input) { #(#arms)* #none })
    }

    pub(super) fn predicate(&self) -> TokenStream {
        let site = Span::mixed_site();
        let (ident, name, class) = (&self.ident, &self.name, self.element());
        let (n, params) = (number(self.inputs.len()), self.params());
        let count = number(self.parameters.len());
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
                let set = match self.class {
                    Class::Float => "test_float",
                    Class::Num => "test_number",
                    Class::Int => "test_integer",
                    Class::Any => "test_any",
                    Class::Bool => "test_bool",
                };
                let set = Ident::new(set, site);
                quote_spanned! {site=>
                    static SET: __volta::KernelSet = __volta::KernelSet::#set::<#ident, #n>();
                    <#compute as __volta::Lane>::pick(&SET)
                }
            }
        };
        quote_spanned! {site=>
            impl #generics __volta::Predicate<#element, #n> for #ident {
                const NAME: &'static str = #name;

                #params

                fn kernel() -> __volta::RawKernel {
                    #kernel
                }

                fn wgsl() -> __volta::wgsl::Function {
                    __volta::wgsl_test::<Self, #element, #n>(#name, #count)
                }
            }
        }
    }
}

fn saves(compiled: &Compiled) -> TokenStream {
    let saves = match compiled.saves {
        (false, false) => "Nothing",
        (true, false) => "Inputs",
        (false, true) => "Output",
        (true, true) => "Both",
    };
    let saves = Ident::new(saves, Span::mixed_site());
    quote_spanned!(Span::mixed_site()=> __volta::Saves::#saves)
}

/// Whether a derivative is 0 or 1: nothing has to be computed then.
fn is_known(compiled: &Compiled, partial: Id) -> bool {
    matches!(compiled.graph.value(partial), Some(0.0 | 1.0))
}

/// Which derivatives are 0 and which are 1, if any are.
fn slope(compiled: &Compiled) -> Option<TokenStream> {
    let site = Span::mixed_site();
    let known = |graph: &Graph, id: Id| match graph.value(id) {
        Some(0.0) => Some(Ident::new("Zero", site)),
        Some(1.0) => Some(Ident::new("Unit", site)),
        _ => None,
    };
    let mut arms = Vec::new();
    let inputs = compiled.inputs;
    for (output, of_output) in compiled.partials.iter().enumerate() {
        for (input, partial) in of_output[..inputs].iter().enumerate() {
            let (output, input) = (number(output), number(input));
            arms.extend(
                known(&compiled.graph, *partial).map(
                    |slope| quote_spanned!(site=> (#output, #input) => __volta::Slope::#slope,),
                ),
            );
        }
    }
    (!arms.is_empty()).then(|| {
        quote_spanned! {site=>
            fn slope(output: usize, input: usize) -> __volta::Slope {
                match (output, input) {
                    #(#arms)*
                    _ => __volta::Slope::Other,
                }
            }
        }
    })
}
