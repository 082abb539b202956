//! `elementwise_table!`: many functions that know each other, as ops, methods and layers, and a list
//! of all for the tests.

use super::attributes::Attributes;
use super::compile::Compiled;
use super::expand::{Op, imports, number};
use super::function::{Class, Function};
use super::functions::Functions;
use super::item::{construct, definition, scalars, shell};
use super::tensors::{Tensors, apply, panics, result};
use super::{lookup, names};
use crate::errors::Errors;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Block, Path, Signature, Token, Visibility, parse_quote};

/// The items of every function in `tokens`, or the errors and stand-ins that add no more.
pub(crate) fn table(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let input: Input = match syn::parse2(tokens) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let entries: Vec<Function> = (input.entries.into_iter())
        .map(|entry| {
            let attrs = Attributes::read(entry.attrs, true, &mut errors);
            Function::read(attrs, entry.vis, entry.sig, entry.body, &mut errors)
        })
        .collect();
    check(&entries, &mut errors);
    let functions = Functions {
        krate: &input.krate,
        table: Some(&entries),
    };
    let mut items = TokenStream::new();
    let mut impls = TokenStream::new();
    for (index, entry) in entries.iter().enumerate() {
        if !entry.is_complete() {
            items.extend(shell(entry));
            continue;
        }
        let compiled = match entry.sound {
            true => Compiled::new(entry, Some(index), &functions, &mut errors),
            false => None,
        };
        let mut compiled = compiled.unwrap_or_else(|| Compiled::stub(entry));
        items.extend(definition(entry));
        impls.extend(Op::of(entry, &input.krate, true).impls(&mut compiled));
    }
    let complete: Vec<&Function> = (entries.iter())
        .filter(|entry| entry.is_complete())
        .collect();
    let imports = imports(&input.krate);
    let (of_bool, of_all): (Vec<&Function>, Vec<&Function>) =
        (complete.iter()).partition(|entry| entry.class == Class::Bool);
    let methods = of_all.into_iter().map(methods);
    let methods_of_bool: TokenStream = of_bool.into_iter().map(self::methods).collect();
    let methods_of_bool = (!methods_of_bool.is_empty()).then(|| {
        quote_spanned! {Span::mixed_site()=>
            impl<S: __volta::Shape, B: __volta::Backend> __volta::Tensor<S, bool, B> {
                #methods_of_bool
            }
        }
    });
    let layers = complete
        .iter()
        .filter_map(|entry| layer(entry, &input.krate));
    let lookup = lookup::definition(&complete, &input.krate);
    let registry = match errors.count() {
        0 => registry(&complete, &input.krate),
        _ => TokenStream::new(),
    };
    let mut expansion = errors.into_compile_errors().unwrap_or_default();
    expansion.extend(quote_spanned! {Span::mixed_site()=>
        #items
        #[allow(clippy::all)]
        const _: () = {
            #imports
            #impls

            impl<S: __volta::Shape, E: __volta::Dtype, B: __volta::Backend> __volta::Tensor<S, E, B> {
                #(#methods)*
            }

            #methods_of_bool
        };
        #(#layers)*
        #lookup
        #registry
    });
    expansion
}

struct Input {
    krate: Path,
    entries: Vec<Item>,
}

struct Item {
    attrs: Vec<Attribute>,
    vis: Visibility,
    sig: Signature,
    body: Option<Block>,
}

impl Parse for Input {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut krate = parse_quote!(::volta);
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            krate = Path::parse_mod_style(input)?;
            input.parse::<Token![;]>()?;
        }
        let mut entries = Vec::new();
        while !input.is_empty() {
            entries.push(input.parse()?);
        }
        Ok(Input { krate, entries })
    }
}

impl Parse for Item {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        let body = match input.peek(Token![;]) {
            true => {
                input.parse::<Token![;]>()?;
                None
            }
            false => Some(input.parse()?),
        };
        Ok(Item {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

/// What is asked of the entry of a table alone.
fn check(entries: &[Function], errors: &mut Errors) {
    for (index, entry) in entries.iter().enumerate() {
        let name = entry.name();
        if entries[..index].iter().any(|other| other.name() == name) {
            errors.on(&entry.ident, format!("`{name}` is given twice"));
        }
        for parameter in entry.parameters.iter().filter(|p| p.default.is_none()) {
            let ident = &parameter.ident;
            errors.on(
                ident,
                format!("the tests need a value: `#[default(0.01)] {ident}: f64`"),
            );
        }
        for attr in &entry.attrs.others {
            errors.on(
                attr,
                "an entry takes docs, `cfg`, `derivative`, `domain`, `operator` and `method`",
            );
        }
    }
}

/// The method of `Tensor`, by each of its names.
fn methods(function: &Function) -> TokenStream {
    if function.attrs.operator {
        return TokenStream::new();
    }
    let site = Span::mixed_site();
    let codegen = quote_spanned!(site=> __volta);
    let (vis, inputs) = (&function.vis, &function.inputs);
    let docs = match &function.attrs.docs {
        docs if docs.is_empty() => {
            let text = format!(" `{}` of every element.", function.name());
            quote_spanned!(site=> #[doc = #text])
        }
        docs => quote!(#(#docs)*),
    };
    let tensors = Tensors::after(inputs.len(), codegen.clone());
    let (shape, backend, mut bounds) = tensors.result();
    let element = match function.class {
        Class::Bool => quote_spanned!(site=> bool),
        _ => quote_spanned!(site=> E),
    };
    if matches!(function.class, Class::Float | Class::Num | Class::Int) {
        let class = Ident::new(function.class.name(), site);
        bounds.insert(0, quote_spanned!(site=> E: __volta::#class));
    }
    let clause = match bounds.is_empty() {
        true => quote!(),
        false => quote!(where #(#bounds),*),
    };
    let others = &inputs[1..];
    let operands: Vec<TokenStream> = (1..inputs.len())
        .map(|index| tensors.operand(index, &element))
        .collect();
    let generics = match inputs.len() {
        1 => quote!(),
        _ => {
            let parameters = tensors.parameters(1, None);
            quote!(<#parameters>)
        }
    };
    let scalars = scalars(function);
    let construct = construct(function);
    let result = match inputs.len() == 1 && !function.is_test() && function.count() == 1 {
        true => quote_spanned!(site=> Self),
        false => result(function, &codegen, (&shape, &element, &backend)),
    };
    let named: Vec<TokenStream> = [quote_spanned!(site=> self)]
        .into_iter()
        .chain(others.iter().map(|input| quote!(#input)))
        .collect();
    let body = apply(function, &codegen, &construct, &named);
    let (panics, track_caller) = match inputs.len() {
        1 => (None, None),
        _ => (
            Some(panics(true)),
            Some(quote_spanned!(site=> #[track_caller])),
        ),
    };
    let cfgs = &function.attrs.cfgs;
    let names = [&function.ident].into_iter().chain(&function.attrs.methods);
    let in_place = is_written(function).then(|| {
        let mut bounds = tensors.in_place();
        let class = Ident::new(function.class.name(), site);
        bounds.insert(0, quote_spanned!(site=> E: __volta::#class));
        let label = function.name();
        let body = quote_spanned! {site=>
            let inputs = __volta::in_place(#label, [&mut *self]);
            #(let inputs = __volta::and(#others, inputs);)*
            let [] = inputs.map(#construct);
            self
        };
        (quote!(where #(#bounds),*), body)
    });
    let methods = names.map(|name| {
        let in_place = in_place.as_ref().map(|(clause, body)| {
            let written = format_ident!("{name}_", span = name.span());
            quote_spanned! {site=>
                #docs
                ///
                /// The result takes the place of this tensor. Its storage is copied first if others
                /// see it.
                #panics
                #(#cfgs)*
                #[inline]
                #track_caller
                #vis fn #written #generics(
                    &mut self #(, #others: #operands)* #scalars
                ) -> &mut Self #clause {
                    #body
                }
            }
        });
        quote_spanned! {site=>
            #docs
            #panics
            #(#cfgs)*
            #[inline]
            #track_caller
            #vis fn #name #generics(&self #(, #others: #operands)* #scalars) -> #result #clause {
                #body
            }

            #in_place
        }
    });
    quote!(#(#methods)*)
}

/// Whether the result can take the place of the first input.
fn is_written(function: &Function) -> bool {
    !function.is_test() && function.count() == 1 && !matches!(function.class, Class::Bool)
}

/// The layer of a function of one tensor.
fn layer(function: &Function, krate: &Path) -> Option<TokenStream> {
    let is_layer = function.inputs.len() == 1
        && function.count() == 1
        && function.is_differentiable()
        && !function.attrs.operator;
    if !is_layer {
        return None;
    }
    let (ty, method) = (names::type_of(&function.ident), &function.ident);
    let class = Ident::new(function.class.name(), Span::mixed_site());
    let parameters = function.parameters.iter().map(|p| &p.ident);
    Some(quote_spanned! {Span::mixed_site()=>
        #krate::ops::codegen::layer! { #ty, #class, #method, (#(#parameters),*) }
    })
}

/// The list of the entries, and the walk through them.
fn registry(entries: &[&Function], krate: &Path) -> TokenStream {
    let site = Span::mixed_site();
    let list = entries.iter().map(|entry| {
        let (name, arity) = (entry.name(), number(entry.inputs.len()));
        let outputs = number(entry.count());
        let test = entry.is_test();
        let labels = entry.parameters.iter().map(|p| names::plain(&p.ident));
        let defaults = entry.parameters.iter().map(|p| &p.default);
        let (low, high) = match &entry.attrs.domain {
            Some((low, high)) => (quote!(#low), quote!(#high)),
            None => (quote!(-3.0), quote!(3.0)),
        };
        let class = Ident::new(
            match entry.class {
                Class::Bool => "Bool",
                class => class.name(),
            },
            site,
        );
        quote_spanned! {site=>
            #krate::ops::codegen::Entry {
                name: #name,
                arity: #arity,
                outputs: #outputs,
                test: #test,
                parameters: &[#((#labels, #defaults)),*],
                domain: (#low, #high),
                class: #krate::ops::codegen::Class::#class,
            }
        }
    });
    let visits = entries.iter().enumerate().map(|(index, entry)| {
        let method = match (entry.is_test(), entry.class) {
            (false, Class::Float) => "float",
            (false, Class::Int) => "int",
            (false, _) => "num",
            (true, Class::Float) => "predicate_float",
            (true, Class::Num) => "predicate_num",
            (true, Class::Int) => "predicate_int",
            (true, Class::Any) => "predicate_any",
            (true, Class::Bool) => "predicate_bool",
        };
        let method = Ident::new(method, site);
        let ty = names::type_of(&entry.ident);
        let op = match entry.parameters.is_empty() {
            true => quote!(#ty),
            false => quote_spanned!(site=> <#ty as ::core::default::Default>::default()),
        };
        let index = number(index);
        quote_spanned!(site=> visitor.#method(#op, &ENTRIES[#index]);)
    });
    quote_spanned! {site=>
        /// Every function of the table.
        #[doc(hidden)]
        pub const ENTRIES: &[#krate::ops::codegen::Entry] = &[#(#list),*];

        /// Shows every function of the table to `visitor`, in the order of [`ENTRIES`].
        #[doc(hidden)]
        pub fn for_each_op(visitor: &mut impl #krate::ops::codegen::OpVisitor) {
            #(#visits)*
        }
    }
}
