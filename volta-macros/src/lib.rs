//! The macros of volta.

mod derive_module;
mod errors;
mod literal;

use proc_macro::TokenStream;

/// Derives `Module` (and, for a struct, `Init`).
#[proc_macro_derive(Module, attributes(module))]
pub fn derive_module(input: TokenStream) -> TokenStream {
    derive_module::derive(input.into()).into()
}

/// The part of `volta::tensor!` that reads the literal. Called with the path of the crate, a
/// comma, and the rows.
#[doc(hidden)]
#[proc_macro]
pub fn tensor_literal(input: TokenStream) -> TokenStream {
    literal::expand(input.into()).into()
}
