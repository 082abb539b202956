//! `#[elementwise]` on a function.

use super::attributes::Attributes;
use super::compile::Compiled;
use super::expand::Op;
use super::function::Function;
use super::functions::Functions;
use super::names;
use crate::errors::Errors;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::{ItemFn, Path, Token, parse_quote};

/// What stands in for the function in `item`, or its errors and a stand-in that adds no more.
pub(crate) fn attribute(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Options { krate, is_static } = Options::read(arguments, &mut errors);
    let item: ItemFn = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => {
            errors.push(error);
            return errors.into_compile_errors().unwrap_or_default();
        }
    };
    let attrs = Attributes::read(item.attrs, false, &mut errors);
    let function = Function::read(attrs, item.vis, item.sig, Some(*item.block), &mut errors);
    let functions = Functions {
        krate: &krate,
        table: None,
    };
    let compiled = match function.sound {
        true => Compiled::new(&function, None, &functions, &mut errors),
        false => None,
    };
    let items = match compiled {
        _ if !function.sound => shell(&function),
        Some(mut compiled) => items(&function, &krate, is_static, &mut compiled),
        None => items(&function, &krate, is_static, &mut Compiled::stub(&function)),
    };
    let mut expansion = errors.into_compile_errors().unwrap_or_default();
    expansion.extend(items);
    expansion
}

/// What is said beside `elementwise`.
struct Options {
    /// Where volta is.
    krate: Path,
    /// Whether kernels are compiled with the function, not where it is used: `compiled`.
    is_static: bool,
}

impl Options {
    fn read(arguments: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Options {
            krate: parse_quote!(::volta),
            is_static: false,
        };
        let parse = |input: ParseStream| {
            while !input.is_empty() {
                if input.parse::<Option<Token![crate]>>()?.is_some() {
                    input.parse::<Token![=]>()?;
                    options.krate = Path::parse_mod_style(input)?;
                } else if input.parse::<Ident>()? == "compiled" {
                    options.is_static = true;
                } else {
                    return Err(input.error("another option"));
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        };
        let all = arguments.clone();
        if parse.parse2(arguments).is_err() {
            errors.on(
                all,
                "expected nothing here, or where volta is, `crate = path`, or `compiled`",
            );
        }
        options
    }
}

fn items(
    function: &Function,
    krate: &Path,
    is_static: bool,
    compiled: &mut Compiled,
) -> TokenStream {
    let op = Op::of(function, krate, is_static);
    let definition = definition(function);
    let impls = op.scoped(&function.attrs.cfgs, compiled);
    let free = free_function(function, krate, &op);
    quote!(#definition #impls #free)
}

/// The type, with its parameters.
pub(super) fn definition(function: &Function) -> TokenStream {
    let site = Span::mixed_site();
    let (vis, ident) = (&function.vis, names::type_of(&function.ident));
    let (docs, cfgs) = (&function.attrs.docs, &function.attrs.cfgs);
    let docs = match docs.is_empty() {
        true => {
            let text = format!(" The op of [`{}`].", function.name());
            quote_spanned!(site=> #[doc = #text])
        }
        false => quote!(#(#docs)*),
    };
    if function.parameters.is_empty() {
        return quote_spanned! {site=>
            #docs
            #(#cfgs)*
            #[::core::prelude::v1::derive(
                ::core::clone::Clone,
                ::core::marker::Copy,
                ::core::fmt::Debug,
                ::core::default::Default,
                ::core::cmp::PartialEq,
            )]
            #vis struct #ident;
        };
    }
    let fields = function.parameters.iter().map(|parameter| {
        let ident = &parameter.ident;
        let text = format!(" The parameter `{}`.", names::plain(ident));
        quote_spanned!(site=> #[doc = #text] #vis #ident: f64)
    });
    let default = default_impl(function, &ident);
    quote_spanned! {site=>
        #docs
        #(#cfgs)*
        #[::core::prelude::v1::derive(
            ::core::clone::Clone,
            ::core::marker::Copy,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
        )]
        #vis struct #ident {
            #(#fields),*
        }
        #default
    }
}

/// `Default`, where every parameter has one.
fn default_impl(function: &Function, ident: &Ident) -> Option<TokenStream> {
    let mut fields = TokenStream::new();
    for parameter in &function.parameters {
        let (ident, default) = (&parameter.ident, parameter.default.as_ref()?);
        fields.extend(quote!(#ident: #default,));
    }
    let cfgs = &function.attrs.cfgs;
    Some(quote_spanned! {Span::mixed_site()=>
        #(#cfgs)*
        impl ::core::default::Default for #ident {
            fn default() -> Self {
                #ident { #fields }
            }
        }
    })
}

/// The generics of a function of tensors of several shapes and backends.
pub(super) struct Tensors {
    shapes: Vec<Ident>,
    backends: Vec<Ident>,
    /// Where volta's items are.
    codegen: TokenStream,
}

impl Tensors {
    pub(super) fn new(count: usize, codegen: TokenStream) -> Self {
        let name = |stem: &str, index: usize| match count {
            1 => format_ident!("{stem}", span = Span::mixed_site()),
            _ => format_ident!("{stem}{index}", span = Span::mixed_site()),
        };
        Tensors {
            shapes: (0..count).map(|index| name("S", index)).collect(),
            backends: (0..count).map(|index| name("B", index)).collect(),
            codegen,
        }
    }

    /// With the first shape and the first backend given.
    pub(super) fn after(count: usize, codegen: TokenStream) -> Self {
        let name = |stem: &str, index: usize| match (index, stem) {
            (0, "S") => format_ident!("S", span = Span::mixed_site()),
            (0, _) => format_ident!("B", span = Span::mixed_site()),
            (1, "S") if count == 2 => format_ident!("R", span = Span::mixed_site()),
            (_, "S") => format_ident!("R{index}", span = Span::mixed_site()),
            _ => format_ident!("B{}", index + 1, span = Span::mixed_site()),
        };
        Tensors {
            shapes: (0..count).map(|index| name("S", index)).collect(),
            backends: (0..count).map(|index| name("B", index)).collect(),
            codegen,
        }
    }

    /// The tensor at one place.
    pub(super) fn operand(&self, index: usize, element: &TokenStream) -> TokenStream {
        let (codegen, s, b) = (&self.codegen, &self.shapes[index], &self.backends[index]);
        quote!(&#codegen::Tensor<#s, #element, #b>)
    }

    /// Type parameters from place `from` on.
    pub(super) fn parameters(&self, from: usize) -> TokenStream {
        let codegen = &self.codegen;
        let (shapes, backends) = (&self.shapes[from..], &self.backends[from..]);
        quote_spanned! {Span::mixed_site()=>
            #(#shapes: #codegen::Shape,)* #(#backends: #codegen::Backend),*
        }
    }

    /// The shape and the backend of the result, and what has to hold for them.
    pub(super) fn result(&self) -> (TokenStream, TokenStream, Vec<TokenStream>) {
        let codegen = &self.codegen;
        let site = Span::mixed_site();
        let mut shape = self.shapes[0].to_token_stream();
        let mut backend = self.backends[0].to_token_stream();
        let mut bounds = Vec::new();
        for (s, b) in self.shapes.iter().zip(&self.backends).skip(1) {
            bounds.push(quote_spanned!(site=> #shape: #codegen::Broadcast<#s>));
            bounds.push(quote_spanned!(site=> #backend: #codegen::Meet<#b>));
            shape = quote_spanned!(site=> <#shape as #codegen::Broadcast<#s>>::Out);
            backend = quote_spanned!(site=> <#backend as #codegen::Meet<#b>>::Out);
        }
        (shape, backend, bounds)
    }
}

/// The op with its parameters, out of the arguments of a function.
pub(super) fn construct(function: &Function) -> TokenStream {
    let ident = names::type_of(&function.ident);
    let parameters = function.parameters.iter().map(|p| &p.ident);
    match function.parameters.is_empty() {
        true => quote!(#ident),
        false => quote!(#ident { #(#parameters),* }),
    }
}

/// `, slope: f64, ..`
pub(super) fn scalars(function: &Function) -> TokenStream {
    let parameters = function.parameters.iter().map(|p| &p.ident);
    quote_spanned!(Span::mixed_site()=> #(, #parameters: f64)*)
}

/// The function of tensors by the name that the user gave it.
fn free_function(function: &Function, krate: &Path, op: &Op) -> TokenStream {
    let site = Span::mixed_site();
    let codegen = quote_spanned!(site=> #krate::ops::codegen);
    let (vis, ident, inputs) = (&function.vis, &function.ident, &function.inputs);
    let (docs, cfgs, others) = (
        &function.attrs.docs,
        &function.attrs.cfgs,
        &function.attrs.others,
    );
    let class = op.element();
    let (generic, element) = match function.class {
        super::function::Class::Bool => (quote!(), quote_spanned!(site=> bool)),
        _ => (
            quote_spanned!(site=> E: #codegen::#class,),
            quote_spanned!(site=> E),
        ),
    };
    let tensors = Tensors::new(inputs.len(), codegen.clone());
    let parameters = tensors.parameters(0);
    let operands = (0..inputs.len()).map(|index| tensors.operand(index, &element));
    let (shape, backend, bounds) = tensors.result();
    let clause = match bounds.is_empty() {
        true => quote!(),
        false => quote!(where #(#bounds),*),
    };
    let panics = (inputs.len() > 1).then(|| panics(!docs.is_empty()));
    let scalars = scalars(function);
    let construct = construct(function);
    let (result, body) = outcome(
        function,
        &codegen,
        &shape,
        &element,
        &backend,
        |apply| quote!(#codegen::#apply(#construct, #(#inputs),*)),
    );
    quote_spanned! {site=>
        #(#docs)*
        #panics
        #(#cfgs)*
        #(#others)*
        #[allow(clippy::too_many_arguments)]
        #[inline]
        #[track_caller]
        #vis fn #ident<#generic #parameters>(#(#inputs: #operands),* #scalars) -> #result #clause {
            #body
        }
    }
}

/// The type of the result, and the call of `apply..` or `test..` that makes it.
pub(super) fn outcome(
    function: &Function,
    codegen: &TokenStream,
    shape: &TokenStream,
    element: &TokenStream,
    backend: &TokenStream,
    call: impl FnOnce(Ident) -> TokenStream,
) -> (TokenStream, TokenStream) {
    let site = Span::mixed_site();
    let stem = if function.is_test() { "test" } else { "apply" };
    let call = call(format_ident!(
        "{stem}{}",
        function.inputs.len(),
        span = site
    ));
    if function.is_test() {
        return (
            quote_spanned!(site=> #codegen::Tensor<#shape, bool, #backend>),
            call,
        );
    }
    let tensor = quote_spanned!(site=> #codegen::Tensor<#shape, #element, #backend>);
    match function.count() {
        1 => (
            tensor,
            quote_spanned! {site=>
                let [output] = #call;
                output
            },
        ),
        count => {
            let outputs: Vec<Ident> = (0..count)
                .map(|index| format_ident!("output_{index}", span = site))
                .collect();
            let tensors = (0..count).map(|_| &tensor);
            (
                quote!((#(#tensors),*)),
                quote_spanned! {site=>
                    let [#(#outputs),*] = #call;
                    (#(#outputs),*)
                },
            )
        }
    }
}

/// The paragraph that says when a function of several tensors panics.
pub(super) fn panics(after_docs: bool) -> TokenStream {
    let gap = after_docs.then(|| quote_spanned!(Span::mixed_site()=> #[doc = ""]));
    quote_spanned! {Span::mixed_site()=>
        #gap
        #[doc = " # Panics"]
        #[doc = " If sizes known at run time differ."]
    }
}

/// A type and a function with the right names, where the signature is wrong.
pub(super) fn shell(function: &Function) -> TokenStream {
    let site = Span::mixed_site();
    let (vis, ident, ty) = (
        &function.vis,
        &function.ident,
        names::type_of(&function.ident),
    );
    let (docs, cfgs) = (&function.attrs.docs, &function.attrs.cfgs);
    let arguments = function.arguments().count();
    let types: Vec<Ident> = (0..arguments)
        .map(|index| format_ident!("A{index}", span = site))
        .collect();
    quote_spanned! {site=>
        #(#docs)*
        #(#cfgs)*
        #[allow(dead_code)]
        #vis struct #ty;
        #(#docs)*
        #(#cfgs)*
        #[allow(dead_code)]
        #vis fn #ident<#(#types),*>(#(_: #types),*) -> ! {
            loop {}
        }
    }
}
