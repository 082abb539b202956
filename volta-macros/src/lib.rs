//! The macros of volta.

mod shape;

use proc_macro::TokenStream;

/// The table of sizes, for volta-core alone.
#[doc(hidden)]
#[proc_macro]
pub fn size_table(_: TokenStream) -> TokenStream {
    shape::table::expand().into()
}

/// The work of `s![..]`.
#[doc(hidden)]
#[proc_macro]
pub fn shape(input: TokenStream) -> TokenStream {
    shape::list::shape(input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// The work of `axes![..]`.
#[doc(hidden)]
#[proc_macro]
pub fn axis_list(input: TokenStream) -> TokenStream {
    shape::list::axes(input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
