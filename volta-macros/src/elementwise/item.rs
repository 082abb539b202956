//! The type of a function.

use super::function::Function;
use super::names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

/// The type, with its parameters.
pub(super) fn definition(function: &Function) -> TokenStream {
    let site = Span::mixed_site();
    let (vis, ident) = (&function.vis, names::type_of(&function.ident));
    let (docs, cfgs) = (&function.attrs.docs, &function.attrs.cfgs);
    let docs = match docs.is_empty() {
        true => {
            let text = format!(" The function `{}`.", function.name());
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
