//! `#[derive(Module)]`: read the item ([`ast`], [`attr`], [`signature`]), find the role of each
//! generic parameter ([`roles`]), check the whole ([`valid`]), write the impls ([`expand`],
//! [`forward`]).

mod ast;
mod attr;
mod expand;
mod forward;
mod roles;
mod signature;
mod stub;
#[cfg(test)]
mod tests;
mod valid;

use crate::errors::Errors;
use ast::Input;
use proc_macro2::TokenStream;
use roles::Roles;

/// The impls for the item in `tokens`, or its errors and impls that keep rustc from adding more.
pub(crate) fn derive(tokens: TokenStream) -> TokenStream {
    let item = match syn::parse2(tokens) {
        Ok(item) => item,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let (input, roles) = read(item, &mut errors);
    match errors.into_compile_errors() {
        None => expand::expand(&input, &roles),
        Some(mut errors) => {
            errors.extend(stub::expand(&input, &roles));
            errors
        }
    }
}

fn read(item: syn::DeriveInput, errors: &mut Errors) -> (Input, Roles) {
    let input = Input::read(item, errors);
    let roles = Roles::find(&input, errors);
    valid::check(&input, &roles, errors);
    (input, roles)
}
