//! `forward` of a sequential model.

use super::ast::{Field, Input, Kind};
use super::expand::{Group, for_groups, site_of};
use super::roles::Roles;
use super::signature::{Axis, ShapePattern, Signature};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{GenericParam, Ident};

/// Expands `forward = [N, 784] -> [N, 10]` to
/// ```text
/// impl<B: Backend> Mlp<B> {
///     pub fn forward<N: Dim>(&self, x: &Tensor<(N, D<784>), f32, B>) -> Tensor<(N, D<10>), f32, B> {
///         let x = self.fc1.forward(x);
///         self.fc2.forward(&x)
///     }
/// }
/// impl<B: Backend, N: Dim> Forward<Tensor<(N, D<784>), f32, B>> for Mlp<B> { .. }
/// ```
pub(super) fn expand(input: &Input, roles: &Roles) -> TokenStream {
    let body = for_groups(input, &TokenStream::new(), chain);
    expand_with(input, roles, &body)
}

/// The impls with this body.
pub(super) fn expand_with(input: &Input, roles: &Roles, body: &TokenStream) -> TokenStream {
    let Some(signature) = &input.attrs.forward else {
        return TokenStream::new();
    };
    let site = Span::mixed_site();
    let Input { vis, ident, .. } = input;
    let from = tensor(input, roles, &signature.input);
    let to = tensor(input, roles, &signature.output);
    let doc = format!(
        " Calls the layers in order: `{}` to `{}`.",
        signature.input, signature.output
    );

    let mut parameters: Vec<TokenStream> = Vec::new();
    if let Some(backend) = roles.backend.undeclared() {
        parameters.push(quote_spanned!(site=> #backend: __volta::Backend));
    }
    for name in fresh_sizes(input, signature) {
        parameters.push(quote_spanned!(site=> #name: __volta::Dim));
    }
    let method_generics = match parameters.is_empty() {
        true => TokenStream::new(),
        false => quote_spanned!(site=> <#(#parameters),*>),
    };
    let (impl_generics, arguments, where_clause) = input.generics.split_for_impl();

    let mut trait_generics = input.generics.clone();
    for parameter in &parameters {
        trait_generics.params.push(syn::parse_quote!(#parameter));
    }
    let (trait_generics, _, _) = trait_generics.split_for_impl();

    // A name in the output alone, which is an error, would be a second one here.
    let constrained = (fresh_sizes(input, signature).iter())
        .all(|name| signature.input.axes.iter().any(|axis| axis.is(name)));
    let forward_impl = constrained.then(|| {
        quote_spanned! {site=>
            #[automatically_derived]
            impl #trait_generics __volta::Forward<#from> for #ident #arguments #where_clause {
                type Output = #to;

                fn forward(&self, x: &#from) -> #to {
                    Self::forward(self, x)
                }
            }
        }
    });

    quote_spanned! {site=>
        #[automatically_derived]
        impl #impl_generics #ident #arguments #where_clause {
            #[doc = #doc]
            #vis fn forward #method_generics (&self, x: &#from) -> #to {
                #[allow(unused_imports)]
                use __volta::Forward as _;
                #body
            }
        }

        #forward_impl
    }
}

/// `let x = self.fc1.forward(x); self.fc2.forward(&x)`, each call at the place of its field.
fn chain(group: &Group) -> TokenStream {
    let layers = (group.fields.list.iter()).filter(|field| field.kind() == Kind::Module);
    let layers: Vec<&Field> = layers.collect();
    let mut calls = TokenStream::new();
    for (step, field) in layers.iter().enumerate() {
        let site = site_of(&field.member);
        let place = group.place(field);
        let argument = match step {
            0 => quote_spanned!(site=> x),
            _ => quote_spanned!(site=> &x),
        };
        let call = quote_spanned!(site=> #place.forward(#argument));
        calls.extend(match step + 1 == layers.len() {
            true => call,
            false => quote_spanned!(site=> let x = #call;),
        });
    }
    calls
}

/// The names in the shapes that are no parameter of the type, each once.
fn fresh_sizes<'a>(input: &Input, signature: &'a Signature) -> Vec<&'a Ident> {
    let mut names: Vec<&Ident> = Vec::new();
    for axis in signature.input.axes.iter().chain(&signature.output.axes) {
        if let Axis::Name(name) = axis
            && !input.has_param(name)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

fn tensor(input: &Input, roles: &Roles, shape: &ShapePattern) -> TokenStream {
    let site = shape.span.resolved_at(Span::mixed_site());
    let axes = shape.axes.iter().map(|axis| extent(input, axis));
    let dtype = match &roles.float {
        Some(float) => float.to_token_stream(),
        None => quote_spanned!(site=> __volta::f32),
    };
    let backend = roles.backend.ident();
    quote_spanned!(site=> __volta::Tensor<(#(#axes,)*), #dtype, #backend>)
}

fn extent(input: &Input, axis: &Axis) -> TokenStream {
    let site = axis.span().resolved_at(Span::mixed_site());
    match axis {
        Axis::Literal(size) => quote_spanned!(site=> __volta::D<#size>),
        Axis::One(_) => quote_spanned!(site=> __volta::One),
        Axis::Const(size) => quote_spanned!(site=> __volta::D<{ #size }>),
        Axis::Type(path) => path.to_token_stream(),
        Axis::Name(name) => {
            let is_const =
                input.generics.params.iter().any(
                    |param| matches!(param, GenericParam::Const(param) if param.ident == *name),
                );
            match is_const {
                true => quote_spanned!(site=> __volta::D<#name>),
                false => name.to_token_stream(),
            }
        }
    }
}
