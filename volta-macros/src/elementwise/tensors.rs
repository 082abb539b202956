//! Functions of tensors: of any shapes that broadcast, on any backends that meet.

use super::function::Function;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

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

    /// The type parameters from place `from` on: shapes, `element`, backends.
    pub(super) fn parameters(&self, from: usize, element: Option<TokenStream>) -> TokenStream {
        let codegen = &self.codegen;
        let (shapes, backends) = (&self.shapes[from..], &self.backends[from..]);
        let element = element.into_iter();
        quote_spanned! {Span::mixed_site()=>
            #(#shapes: #codegen::Shape,)* #(#element,)* #(#backends: #codegen::Backend),*
        }
    }

    /// What has to hold for a result that takes the place of the first tensor.
    pub(super) fn in_place(&self) -> Vec<TokenStream> {
        let codegen = &self.codegen;
        let site = Span::mixed_site();
        let (shape, backend) = (&self.shapes[0], &self.backends[0]);
        let others = self.shapes.iter().zip(&self.backends).skip(1);
        others
            .flat_map(|(s, b)| {
                [
                    quote_spanned!(site=> #s: #codegen::ExpandTo<#shape>),
                    quote_spanned!(site=> #backend: #codegen::Meet<#b, Out = #backend>),
                ]
            })
            .collect()
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

/// What the tensors of a function broadcast to, step by step, as type parameters of it: so that of two
/// shapes that do not broadcast rustc speaks once.
pub(super) struct Broadcasts {
    /// The type parameters, each after a comma.
    pub(super) parameters: TokenStream,
    pub(super) bounds: Vec<TokenStream>,
    /// Of the result.
    pub(super) shape: TokenStream,
    pub(super) backend: TokenStream,
}

impl Tensors {
    pub(super) fn broadcasts(&self) -> Broadcasts {
        let codegen = &self.codegen;
        let site = Span::mixed_site();
        let (mut shape, mut backend) = (self.shapes[0].clone(), self.backends[0].clone());
        let (mut parameters, mut bounds) = (TokenStream::new(), Vec::new());
        let last = self.shapes.len() - 1;
        for (index, (s, b)) in self.shapes.iter().zip(&self.backends).enumerate().skip(1) {
            let name = |last_name: &str, name: &str| match index == last {
                true => Ident::new(last_name, site),
                false => format_ident!("{name}{index}", span = site),
            };
            let (out, met) = (name("S", "R"), name("B", "C"));
            bounds.push(quote_spanned!(site=> #shape: #codegen::Broadcast<#s, Out = #out>));
            bounds.push(quote_spanned!(site=> #backend: #codegen::Meet<#b, Out = #met>));
            parameters.extend(quote_spanned! {site=>
                , #out: #codegen::Shape, #met: #codegen::Backend
            });
            (shape, backend) = (out, met);
        }
        Broadcasts {
            parameters,
            bounds,
            shape: shape.to_token_stream(),
            backend: backend.to_token_stream(),
        }
    }
}

/// The type of a function's result.
pub(super) fn result(
    function: &Function,
    codegen: &TokenStream,
    (shape, element, backend): (&TokenStream, &TokenStream, &TokenStream),
) -> TokenStream {
    let site = Span::mixed_site();
    if function.is_test() {
        return quote_spanned!(site=> #codegen::Tensor<#shape, bool, #backend>);
    }
    let tensor = quote_spanned!(site=> #codegen::Tensor<#shape, #element, #backend>);
    match function.count() {
        1 => tensor,
        count => {
            let tensors = (0..count).map(|_| &tensor);
            quote!((#(#tensors),*))
        }
    }
}

/// The code that computes the function `op` of tensors.
pub(super) fn apply(
    function: &Function,
    codegen: &TokenStream,
    op: &TokenStream,
    operands: &[TokenStream],
) -> TokenStream {
    let site = Span::mixed_site();
    let name = function.name();
    let (first, others) = operands.split_first().expect("a function has an input");
    let inputs = quote_spanned!(site=> #codegen::inputs(#name, #first) #(.and(#others))*);
    match (operands.len(), function.is_test(), function.count()) {
        (_, true, _) => quote_spanned!(site=> #inputs.test(#op)),
        (1, _, 1) => quote_spanned!(site=> #first.map(#op)),
        (2, _, 1) => quote_spanned!(site=> #first.zip(#op, #(#others),*)),
        (_, _, count) => outputs(count, &quote_spanned!(site=> #inputs.map(#op))),
    }
}

/// The outputs out of the array that `call` gives: one, or a tuple.
pub(super) fn outputs(count: usize, call: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    let outputs: Vec<Ident> = (0..count)
        .map(|index| match count {
            1 => format_ident!("output", span = site),
            _ => format_ident!("output_{index}", span = site),
        })
        .collect();
    let value = match count {
        1 => quote!(#(#outputs)*),
        _ => quote!((#(#outputs),*)),
    };
    quote_spanned! {site=>
        let [#(#outputs),*] = #call;
        #value
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
