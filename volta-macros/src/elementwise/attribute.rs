//! `#[elementwise]` on a function.

use super::attributes::Attributes;
use super::compile::Compiled;
use super::expand::Op;
use super::function::{Class, Function};
use super::functions::Functions;
use super::item::{construct, definition, scalars, shell};
use super::tensors::{Broadcasts, Tensors, apply, panics, result};
use crate::errors::Errors;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, Item, ItemFn, Path, Token, parse_quote};

/// What stands in for the function in `item`, or its errors and a stand-in that adds no more.
pub(crate) fn attribute(arguments: TokenStream, tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let Options { krate, is_static } = Options::read(arguments, &mut errors);
    let item: ItemFn = match syn::parse2(tokens.clone()) {
        Ok(item) => item,
        Err(error) => {
            match syn::parse2::<Item>(tokens.clone()) {
                Ok(item) => errors.on(item, "`#[elementwise]` is for a function of scalars"),
                Err(_) => errors.push(error),
            }
            let mut expansion = errors.into_compile_errors().unwrap_or_default();
            expansion.extend(tokens);
            return expansion;
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
        _ if !function.is_complete() => shell(&function),
        compiled => {
            let mut compiled = compiled.unwrap_or_else(|| Compiled::stub(&function));
            items(&function, &krate, is_static, &mut compiled)
        }
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
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
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

/// Clippy warns of more arguments than these.
const CLIPPYS_ARGUMENTS: usize = 7;

/// The function of tensors by the name that the user gave it.
fn free_function(function: &Function, krate: &Path, op: &Op) -> TokenStream {
    let site = Span::mixed_site();
    let codegen = quote_spanned!(site=> #krate::ops::codegen);
    let (vis, ident, inputs) = (&function.vis, &function.ident, &function.inputs);
    let (docs, cfgs) = (&function.attrs.docs, &function.attrs.cfgs);
    let own = |attr: &&Attribute| {
        !["inline", "track_caller"]
            .iter()
            .any(|own| attr.path().is_ident(own))
    };
    let others = function.attrs.others.iter().filter(own);
    let class = op.element();
    let (generic, element) = match function.class {
        Class::Bool => (None, quote_spanned!(site=> bool)),
        _ => (
            Some(quote_spanned!(site=> E: #codegen::#class)),
            quote_spanned!(site=> E),
        ),
    };
    let tensors = Tensors::new(inputs.len(), codegen.clone());
    let parameters = tensors.parameters(0, generic);
    let operands = (0..inputs.len()).map(|index| tensors.operand(index, &element));
    let Broadcasts {
        parameters: between,
        bounds,
        shape,
        backend,
    } = tensors.broadcasts();
    let clause = match bounds.is_empty() {
        true => quote!(),
        false => quote!(where #(#bounds),*),
    };
    let several = inputs.len() > 1;
    let panics = several.then(|| panics(!docs.is_empty()));
    let track_caller = several.then(|| quote_spanned!(site=> #[track_caller]));
    let many = function.arguments().count() > CLIPPYS_ARGUMENTS;
    let many = many.then(|| quote_spanned!(site=> #[allow(clippy::too_many_arguments)]));
    let scalars = scalars(function);
    let construct = construct(function);
    let result = result(function, &codegen, (&shape, &element, &backend));
    let named: Vec<TokenStream> = inputs.iter().map(|input| quote!(#input)).collect();
    let body = apply(function, &codegen, &construct, &named);
    quote_spanned! {site=>
        #(#docs)*
        #panics
        #(#cfgs)*
        #(#others)*
        #many
        #[inline]
        #track_caller
        #vis fn #ident<#parameters #between>(#(#inputs: #operands),* #scalars) -> #result #clause {
            #body
        }
    }
}
