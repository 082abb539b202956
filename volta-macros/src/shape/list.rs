//! The lists of `s![..]` and `axes![..]`. Both begin with `[$crate]`, the path of volta-core as
//! the caller sees it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Block, LitInt, Token, Type, bracketed, token};

struct List<T> {
    root: TokenStream,
    items: Punctuated<T, Token![,]>,
}

impl<T: Parse> Parse for List<T> {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let root;
        bracketed!(root in input);
        Ok(List {
            root: root.parse()?,
            items: Punctuated::parse_terminated(input)?,
        })
    }
}

enum Extent {
    One(Token![*]),
    Literal(LitInt),
    Constant(Block),
    Type(Box<Type>),
}

impl Parse for Extent {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.peek(Token![*]) {
            Ok(Extent::One(input.parse()?))
        } else if input.peek(token::Brace) {
            Ok(Extent::Constant(input.parse()?))
        } else if input.peek(Token![-]) {
            let minus: Token![-] = input.parse()?;
            Err(syn::Error::new(minus.span(), "a size is not negative"))
        } else if input.peek(syn::Lit) {
            let literal: syn::Lit = input.parse()?;
            match literal {
                syn::Lit::Int(size) if matches!(size.suffix(), "" | "usize") => {
                    Ok(Extent::Literal(size))
                }
                other => Err(syn::Error::new(
                    other.span(),
                    "a size is a whole number: `32`",
                )),
            }
        } else {
            input
                .parse()
                .map(|ty| Extent::Type(Box::new(ty)))
                .map_err(|error| {
                    syn::Error::new(
                        error.span(),
                        "expected the size of an axis: `32`, `*`, `{H}`, or a type such as `Batch`",
                    )
                })
        }
    }
}

/// `[$crate] 32, *, {H}, N` gives `(D<32>, One, D<{H}>, N,)`.
pub(crate) fn shape(input: TokenStream) -> syn::Result<TokenStream> {
    let List { root, items } = syn::parse2::<List<Extent>>(input)?;
    if let Some(seventh) = items.iter().nth(6) {
        return Err(syn::Error::new(
            seventh.span(),
            "a shape has six axes at most",
        ));
    }
    let items = items.iter().map(|extent| match extent {
        Extent::One(star) => quote_spanned!(star.span()=> #root::shape::One),
        Extent::Literal(size) => quote_spanned!(size.span()=> #root::shape::D<#size>),
        Extent::Constant(block) => quote_spanned!(block.span()=> #root::shape::D<#block>),
        Extent::Type(ty) => quote!(#ty),
    });
    Ok(quote!((#(#items,)*)))
}

impl Extent {
    fn span(&self) -> proc_macro2::Span {
        match self {
            Extent::One(star) => star.span(),
            Extent::Literal(size) => size.span(),
            Extent::Constant(block) => block.span(),
            Extent::Type(ty) => ty.span(),
        }
    }
}

enum Axis {
    Number(Option<Token![-]>, LitInt),
    Constant(Block),
}

impl Parse for Axis {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.peek(token::Brace) {
            return Ok(Axis::Constant(input.parse()?));
        }
        let minus = input.parse()?;
        match input.parse::<LitInt>() {
            Ok(axis) if matches!(axis.suffix(), "" | "isize") => Ok(Axis::Number(minus, axis)),
            Ok(axis) => Err(syn::Error::new(
                axis.span(),
                "an axis is a whole number: `0`, `-1`",
            )),
            Err(error) => Err(syn::Error::new(
                error.span(),
                "expected the number of an axis: `0`, `-1`",
            )),
        }
    }
}

/// `[$crate] 0, -1` gives `(Axis<0>, Axis<-1>,)`.
pub(crate) fn axes(input: TokenStream) -> syn::Result<TokenStream> {
    let List { root, items } = syn::parse2::<List<Axis>>(input)?;
    let items = items.iter().map(|axis| match axis {
        Axis::Number(minus, axis) => {
            quote_spanned!(axis.span()=> #root::shape::Axis<#minus #axis>)
        }
        Axis::Constant(block) => quote_spanned!(block.span()=> #root::shape::Axis<#block>),
    });
    Ok(quote!((#(#items,)*)))
}
