//! The impls of `Module` and `Init`.

use super::ast::{Data, Field, Fields, Input, Kind, Style, mentions};
use super::forward;
use super::roles::Roles;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Ident, Type};

/// Names for the generic parameters of methods, which the item does not use.
struct Fresh {
    backend: Ident,
    visitor: Ident,
    mapper: Ident,
}

/// Expands to
/// ```text
/// const _: () = {
///     use ::volta::__private as __volta;
///     impl<B: __volta::Backend> __volta::Module<B> for Mlp<B> { .. }
///     impl<B: __volta::Backend> __volta::Init<B> for Mlp<B> { .. }
///     impl<B: __volta::Backend> Mlp<B> { pub fn forward .. }
/// };
/// ```
pub(super) fn expand(input: &Input, roles: &Roles) -> TokenStream {
    let impls = [
        module(input, roles),
        init(input, roles),
        forward::expand(input, roles),
    ];
    in_scope(input, &impls)
}

/// Puts the impls where `__volta` is `volta::__private`.
pub(super) fn in_scope(input: &Input, impls: &[TokenStream]) -> TokenStream {
    let site = Span::mixed_site();
    let krate = match &input.attrs.krate {
        Some(path) => path.to_token_stream(),
        None => quote_spanned!(site=> ::volta),
    };
    quote_spanned! {site=>
        const _: () = {
            use #krate::__private as __volta;
            #(#impls)*
        };
    }
}

/// The hygiene of the expansion at the place of `tokens`, so that an error of rustc points there.
pub(super) fn site_of(tokens: &impl Spanned) -> Span {
    tokens.span().resolved_at(Span::mixed_site())
}

fn module(input: &Input, roles: &Roles) -> TokenStream {
    let site = Span::mixed_site();
    let fresh = Fresh {
        backend: input.fresh("B2"),
        visitor: input.fresh("V"),
        mapper: input.fresh("M"),
    };
    let Fresh {
        backend: b2,
        visitor,
        mapper,
    } = &fresh;
    let ident = &input.ident;
    let backend = roles.backend.ident();
    let generics = roles.impl_generics(&input.generics);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, arguments, _) = input.generics.split_for_impl();
    let on = roles.on(input, b2);
    let recommend = recommend(input);

    let parameters = parameters(input, backend);
    let visit_body = |borrow, method| {
        for_groups(input, &borrow, |group| {
            group.each(|field, place| visit(field, place, backend, method))
        })
    };
    let visits = visit_body(quote_spanned!(site=> &), "visit");
    let visits_mut = visit_body(quote_spanned!(site=> &mut), "visit_mut");
    let map = map(input, backend);
    let (same_on, same) = same(input, roles);

    // Without fields to visit, the arguments are not used.
    let visiting = (input.fields()).any(|f| matches!(f.kind(), Kind::Module | Kind::Buffer));
    let argument = |name| match visiting {
        true => Ident::new(name, site),
        false => format_ident!("_{name}", span = site),
    };
    let (path, visitor_arg, mapper_arg) =
        (argument("path"), argument("visitor"), argument("mapper"));

    quote_spanned! {site=>
        #[automatically_derived]
        #recommend
        impl #impl_generics __volta::Module<#backend> for #ident #arguments #where_clause {
            type On<#b2: __volta::Backend> = #on;
            const PARAMETERS: __volta::usize = #parameters;

            fn visit<#visitor: __volta::Visitor<#backend>>(
                &self,
                #path: &mut __volta::Path,
                #visitor_arg: &mut #visitor,
            ) {
                #visits
            }

            fn visit_mut<#visitor: __volta::VisitorMut<#backend>>(
                &mut self,
                #path: &mut __volta::Path,
                #visitor_arg: &mut #visitor,
            ) {
                #visits_mut
            }

            fn map<#b2: __volta::Backend, #mapper: __volta::Mapper<#backend, #b2>>(
                &self,
                #path: &mut __volta::Path,
                #mapper_arg: &mut #mapper,
            ) -> __volta::Result<#on, #mapper::Error> {
                #map
            }

            fn same(on: #same_on) -> Self {
                #same
            }
        }
    }
}

/// The fields of the struct or of one variant, inside a method.
pub(super) struct Group<'a> {
    pub(super) fields: &'a Fields,
    variant: Option<&'a Ident>,
    /// `&` or `&mut`: how the fields of a struct are taken.
    borrow: &'a TokenStream,
}

impl Group<'_> {
    /// The field: `&self.fc1`, or the variable of the `match` arm.
    pub(super) fn place(&self, field: &Field) -> TokenStream {
        if self.variant.is_some() {
            return field.local().into_token_stream();
        }
        let Group { borrow, .. } = self;
        let member = &field.member;
        let site = site_of(member);
        quote_spanned!(site=> #borrow self.#member)
    }

    /// What `each` says for every field.
    fn each(&self, each: impl Fn(&Field, &TokenStream) -> TokenStream) -> TokenStream {
        let fields = self.fields.list.iter();
        fields
            .map(|field| each(field, &self.place(field)))
            .collect()
    }
}

/// The body of a method on `self`, given the body for the fields of the struct or of a variant.
pub(super) fn for_groups(
    input: &Input,
    borrow: &TokenStream,
    body: impl Fn(&Group) -> TokenStream,
) -> TokenStream {
    let site = Span::mixed_site();
    let name = &input.ident;
    let group = |fields, variant| Group {
        fields,
        variant,
        borrow,
    };
    match &input.data {
        Data::Struct(fields) => body(&group(fields, None)),
        Data::Enum(variants) if variants.is_empty() => quote_spanned!(site=> match *self {}),
        Data::Enum(variants) => {
            let arms = variants.iter().map(|variant| {
                let ident = &variant.ident;
                let body = body(&group(&variant.fields, Some(ident)));
                let pattern = literal(&variant.fields, |field| {
                    let local = field.local();
                    match mentions(&body, &local) {
                        true => local.into_token_stream(),
                        false => quote_spanned!(site=> _),
                    }
                });
                // Not `Self::On`, which a variant `On` would make ambiguous.
                quote_spanned!(site=> #name::#ident #pattern => { #body })
            });
            quote_spanned!(site=> match self { #(#arms)* })
        }
        Data::Union => TokenStream::new(),
    }
}

/// `{ a: <a>, b: <b> }`, `(<0>, <1>)` or nothing, for a pattern or an expression.
fn literal(fields: &Fields, value: impl Fn(&Field) -> TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    let values = fields.list.iter().map(value);
    match fields.style {
        Style::Named => {
            let members = fields.list.iter().map(|field| &field.member);
            quote_spanned!(site=> { #(#members: #values),* })
        }
        Style::Tuple => quote_spanned!(site=> (#(#values),*)),
        Style::Unit => TokenStream::new(),
    }
}

/// Puts `body` between `path.enter(..)` and `path.leave()`.
fn within(field: &Field, body: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    let Some(name) = field.name() else {
        return body.clone();
    };
    let enter = match field.attrs.frozen {
        Some(_) => quote_spanned!(site=> enter_frozen),
        None => quote_spanned!(site=> enter),
    };
    quote_spanned! {site=>
        path.#enter(#name);
        #body
        path.leave();
    }
}

fn as_module(ty: &Type, backend: &Ident) -> TokenStream {
    let site = site_of(ty);
    quote_spanned!(site=> <#ty as __volta::Module<#backend>>)
}

/// `method` is `visit` or `visit_mut`.
fn visit(field: &Field, place: &TokenStream, backend: &Ident, method: &str) -> TokenStream {
    let site = site_of(&field.ty);
    let body = match field.kind() {
        Kind::Module => {
            let module = as_module(&field.ty, backend);
            let method = Ident::new(method, site);
            quote_spanned!(site=> #module::#method(#place, path, visitor);)
        }
        Kind::Buffer => quote_spanned!(site=> visitor.buffer(path, #place);),
        Kind::Skip | Kind::Phantom => return TokenStream::new(),
    };
    within(field, &body)
}

fn parameters(input: &Input, backend: &Ident) -> TokenStream {
    let site = Span::mixed_site();
    let mut modules = (input.fields())
        .filter(|field| field.kind() == Kind::Module)
        .map(|field| {
            let module = as_module(&field.ty, backend);
            let site = site_of(&field.ty);
            quote_spanned!(site=> #module::PARAMETERS)
        });
    let Some(first) = modules.next() else {
        return quote_spanned!(site=> 0);
    };
    if input.is_struct() {
        return quote_spanned!(site=> #first #(+ #modules)*);
    }
    let message = format!(
        "the number of parameters of the enum `{}` depends on its variant: use `num_parameters()`",
        input.ident
    );
    quote_spanned!(site=> ::core::panic!(#message))
}

fn map(input: &Input, backend: &Ident) -> TokenStream {
    let site = Span::mixed_site();
    let ident = &input.ident;
    let variant = |group: &Group| match group.variant {
        Some(variant) => quote_spanned!(site=> ::#variant),
        None => TokenStream::new(),
    };
    for_groups(input, &quote_spanned!(site=> &), |group| {
        let variant = variant(group);
        let mapped = group.each(|field, place| map_field(field, place, backend));
        let value = literal(group.fields, |field| match field.kind() {
            Kind::Module | Kind::Buffer => field.local().into_token_stream(),
            Kind::Phantom => quote_spanned!(site=> __volta::PhantomData),
            Kind::Skip => {
                let place = group.place(field);
                let site = site_of(&field.ty);
                quote_spanned!(site=> __volta::Clone::clone(#place))
            }
        });
        quote_spanned!(site=> #mapped __volta::Ok(#ident #variant #value))
    })
}

fn map_field(field: &Field, place: &TokenStream, backend: &Ident) -> TokenStream {
    let site = site_of(&field.ty);
    let local = field.local();
    let body = match field.kind() {
        Kind::Module => {
            let module = as_module(&field.ty, backend);
            quote_spanned!(site=> let #local = #module::map(#place, path, mapper)?;)
        }
        Kind::Buffer => quote_spanned!(site=> let #local = mapper.buffer(path, #place)?;),
        Kind::Skip | Kind::Phantom => return TokenStream::new(),
    };
    within(field, &body)
}

/// The type `On<B>` and the body of `same`. The type is `Self` when nothing but the backend
/// changes; else each field says so for itself.
fn same(input: &Input, roles: &Roles) -> (TokenStream, TokenStream) {
    let site = Span::mixed_site();
    if roles.modules.is_empty() {
        return (quote_spanned!(site=> Self), quote_spanned!(site=> on));
    }
    let backend = roles.backend.ident();
    let same = |field: &Field, value: TokenStream| match field.kind() {
        Kind::Phantom => quote_spanned!(site=> __volta::PhantomData),
        Kind::Module if roles.modules.iter().any(|m| mentions(&field.ty, &m.ident)) => {
            let module = as_module(&field.ty, backend);
            let site = site_of(&field.ty);
            quote_spanned!(site=> #module::same(#value))
        }
        _ => value,
    };
    let body = match &input.data {
        Data::Struct(fields) => {
            let value = literal(fields, |field| {
                let member = &field.member;
                same(field, quote_spanned!(site=> on.#member))
            });
            quote_spanned!(site=> Self #value)
        }
        Data::Enum(variants) => {
            let name = &input.ident;
            let arms = variants.iter().map(|variant| {
                let ident = &variant.ident;
                let pattern = literal(&variant.fields, |field| match field.kind() {
                    Kind::Phantom => quote_spanned!(site=> _),
                    _ => field.local().into_token_stream(),
                });
                let value = literal(&variant.fields, |f| same(f, f.local().into_token_stream()));
                quote_spanned!(site=> #name::#ident #pattern => #name::#ident #value,)
            });
            quote_spanned!(site=> match on { #(#arms)* })
        }
        Data::Union => TokenStream::new(),
    };
    (roles.on(input, backend), body)
}

fn init(input: &Input, roles: &Roles) -> TokenStream {
    let Data::Struct(fields) = &input.data else {
        return TokenStream::new();
    };
    if input.attrs.no_init.is_some() {
        return TokenStream::new();
    }
    let site = Span::mixed_site();
    let backend = roles.backend.ident();
    let value = literal(fields, |field| {
        let ty = &field.ty;
        let site = site_of(ty);
        match (&field.attrs.init, field.kind()) {
            (Some(init), _) => init.into_token_stream(),
            (None, Kind::Phantom) => quote_spanned!(site=> __volta::PhantomData),
            (None, Kind::Skip) => quote_spanned!(site=> <#ty as __volta::Default>::default()),
            (None, _) => {
                let (device, rng) = init_arguments(true);
                quote_spanned!(site=> <#ty as __volta::Init<#backend>>::init_on(#device, #rng))
            }
        }
    });
    let uses = (fields.list.iter())
        .any(|field| field.attrs.init.is_some() || field.kind() == Kind::Module);
    let init = init_impl(input, roles, uses, &quote_spanned!(site=> Self #value));
    let by_default = init_by_default(input, roles);
    quote_spanned!(site=> #init #by_default)
}

/// `init` as a function of the type with its default parameters, so that `Mlp::init(rng)` is one on
/// the `Cpu` where nothing else says which backend.
fn init_by_default(input: &Input, roles: &Roles) -> Option<TokenStream> {
    let backend = roles
        .backend
        .undeclared()
        .is_none()
        .then(|| roles.backend.ident())?;
    if input.generics.where_clause.is_some() {
        return None;
    }
    let (mut constants, mut arguments, mut default) = (Vec::new(), Vec::new(), None);
    for parameter in &input.generics.params {
        match parameter {
            GenericParam::Const(parameter) => {
                let (ident, ty) = (&parameter.ident, &parameter.ty);
                constants.push(quote!(const #ident: #ty));
                arguments.push(quote!(#ident));
            }
            GenericParam::Type(parameter) => {
                let (_, ty) = parameter.default.as_ref()?;
                if parameter.ident == *backend {
                    default = Some(ty);
                }
                arguments.push(quote!(#ty));
            }
            GenericParam::Lifetime(_) => return None,
        }
    }
    let default = default.filter(|ty| {
        matches!(ty, Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "Cpu"))
    })?;
    let site = Span::mixed_site();
    let (ident, vis) = (&input.ident, &input.vis);
    Some(quote_spanned! {site=>
        #[automatically_derived]
        impl <#(#constants),*> #ident <#(#arguments),*> {
            /// A model with fresh parameters, drawn in the order of declaration: one seed gives one
            /// model.
            #[allow(dead_code)]
            #vis fn init(rng: &mut __volta::Rng) -> Self {
                <Self as __volta::Init<#default>>::init(rng)
            }
        }
    })
}

fn recommend(input: &Input) -> Option<TokenStream> {
    let site = Span::mixed_site();
    (input.attrs.do_not_recommend).map(|_| quote_spanned!(site=> #[diagnostic::do_not_recommend]))
}

/// The impl of `Init` with this body.
pub(super) fn init_impl(
    input: &Input,
    roles: &Roles,
    uses_arguments: bool,
    body: &TokenStream,
) -> TokenStream {
    let site = Span::mixed_site();
    let ident = &input.ident;
    let backend = roles.backend.ident();
    let mut generics = roles.impl_generics(&input.generics);
    for module in &roles.modules {
        let module = &module.ident;
        generics
            .make_where_clause()
            .predicates
            .push(syn::parse_quote!(#module: __volta::Init<#backend>));
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, arguments, _) = input.generics.split_for_impl();
    let (device, rng) = init_arguments(uses_arguments);
    let recommend = recommend(input);
    quote_spanned! {site=>
        #[automatically_derived]
        #recommend
        impl #impl_generics __volta::Init<#backend> for #ident #arguments #where_clause {
            fn init_on(
                #device: &<#backend as __volta::Backend>::Device,
                #rng: &mut __volta::Rng,
            ) -> Self {
                #body
            }
        }
    }
}

/// `device` and `rng` have the hygiene of the item: an `init = ..` sees them.
fn init_arguments(used: bool) -> (Ident, Ident) {
    let prefix = if used { "" } else { "_" };
    let argument = |name| format_ident!("{prefix}{name}", span = Span::call_site());
    (argument("device"), argument("rng"))
}
