//! What stands beside the errors: impls without a body, so that rustc does not add that the type
//! is no module.

use super::ast::Input;
use super::expand::{in_scope, init_impl};
use super::forward;
use super::roles::Roles;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

pub(super) fn expand(input: &Input, roles: &Roles) -> TokenStream {
    let site = Span::mixed_site();
    let body = quote_spanned!(site=> loop {});
    let mut impls = vec![module(input, roles, &body)];
    if input.is_struct() && input.attrs.no_init.is_none() {
        impls.push(init_impl(input, roles, false, &body));
    }
    impls.push(forward::expand_with(input, roles, &body));
    in_scope(input, &impls)
}

fn module(input: &Input, roles: &Roles, body: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    let (b2, visitor, mapper) = (input.fresh("B2"), input.fresh("V"), input.fresh("M"));
    let ident = &input.ident;
    let backend = roles.backend.ident();
    let generics = roles.impl_generics(&input.generics);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, arguments, _) = input.generics.split_for_impl();
    let on = match roles.sound {
        true => roles.on(input, &b2),
        false => quote_spanned!(site=> ()),
    };
    quote_spanned! {site=>
        impl #impl_generics __volta::Module<#backend> for #ident #arguments #where_clause {
            type On<#b2: __volta::Backend> = #on;
            const PARAMETERS: __volta::usize = 0;

            fn visit<#visitor: __volta::Visitor<#backend>>(
                &self,
                _: &mut __volta::Path,
                _: &mut #visitor,
            ) {
            }

            fn visit_mut<#visitor: __volta::VisitorMut<#backend>>(
                &mut self,
                _: &mut __volta::Path,
                _: &mut #visitor,
            ) {
            }

            fn map<#b2: __volta::Backend, #mapper: __volta::Mapper<#backend, #b2>>(
                &self,
                _: &mut __volta::Path,
                _: &mut #mapper,
            ) -> __volta::Result<#on, #mapper::Error> {
                #body
            }

            fn same(_: Self::On<#backend>) -> Self {
                #body
            }
        }
    }
}
