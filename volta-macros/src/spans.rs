//! `#[spans]`: every method of an `impl` says when it begins and ends.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{
    GenericParam, Ident, ImplItem, ImplItemFn, ItemImpl, Path, Token, TypeParamBound, parse_quote,
};

/// Traits of elementwise functions, which have a name.
const FUNCTIONS: [&str; 3] = ["Elementwise", "Joint", "Predicate"];

/// The `impl` with a span in every method but those that the arguments name.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let others = Punctuated::<Ident, Token![,]>::parse_terminated.parse2(arguments)?;
    let mut item: ItemImpl = syn::parse2(item)?;
    for part in &mut item.items {
        if let ImplItem::Fn(method) = part
            && !others.iter().any(|other| *other == method.sig.ident)
        {
            enter(method);
        }
    }
    Ok(quote!(#item))
}

fn enter(method: &mut ImplItemFn) {
    let name = method.sig.ident.to_string();
    let function = match function(method) {
        Some(path) => quote!(::core::option::Option::Some(#path)),
        None => quote!(::core::option::Option::None),
    };
    let span = parse_quote! {
        let _span = crate::profile::Span::enter(#name, #function);
    };
    method.block.stmts.insert(0, span);
}

/// The name of the function that the method is generic over, if it is.
fn function(method: &ImplItemFn) -> Option<TokenStream> {
    method.sig.generics.params.iter().find_map(|param| {
        let GenericParam::Type(param) = param else {
            return None;
        };
        let ident = &param.ident;
        let bound: &Path = param.bounds.iter().find_map(|bound| match bound {
            TypeParamBound::Trait(bound) => {
                let last = &bound.path.segments.last()?.ident;
                FUNCTIONS
                    .iter()
                    .any(|name| last == name)
                    .then_some(&bound.path)
            }
            _ => None,
        })?;
        Some(quote!(<#ident as #bound>::NAME))
    })
}
