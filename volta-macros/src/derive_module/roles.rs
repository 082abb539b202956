//! What each generic parameter is: the backend, a module, the dtype.

use super::ast::{Input, Kind, last_word, mentions};
use crate::errors::Errors;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    GenericArgument, GenericParam, Generics, Ident, PathArguments, Type, TypeParam, TypeParamBound,
    WherePredicate,
};

/// The roles of the generic parameters.
pub(super) struct Roles {
    pub(super) backend: Backend,
    /// The parameters that are modules: they change with the backend.
    pub(super) modules: Vec<ModuleParam>,
    /// The parameter that is the dtype of `forward`.
    pub(super) float: Option<Ident>,
    /// Whether `On` can be written, for the impls beside the errors.
    pub(super) sound: bool,
}

pub(super) enum Backend {
    /// A parameter of the type.
    Declared(Ident),
    /// A parameter of the impls: the type is a module on every backend.
    Every(Ident),
}

pub(super) struct ModuleParam {
    pub(super) ident: Ident,
    /// Whether the type itself says `M: Module<B>`.
    pub(super) declared: bool,
}

impl Backend {
    pub(super) fn ident(&self) -> &Ident {
        match self {
            Backend::Declared(ident) | Backend::Every(ident) => ident,
        }
    }

    /// The parameter, if the impls have to declare it themselves.
    pub(super) fn undeclared(&self) -> Option<&Ident> {
        match self {
            Backend::Declared(_) => None,
            Backend::Every(ident) => Some(ident),
        }
    }
}

impl Roles {
    pub(super) fn find(input: &Input, errors: &mut Errors) -> Self {
        let generics = &input.generics;
        for lifetime in generics.lifetimes() {
            errors.on(
                lifetime,
                "a module owns its tensors: it has no lifetime parameters",
            );
        }
        let mut roles = Roles {
            backend: find_backend(input, errors),
            modules: Vec::new(),
            float: generics
                .type_params()
                .find(|param| has_bound(generics, &param.ident, "Float"))
                .map(|param| param.ident.clone()),
            sound: true,
        };
        roles.modules = generics
            .type_params()
            .filter(|param| param.ident != *roles.backend.ident())
            .filter_map(|param| module_param(input, param))
            .collect();
        roles.sound = roles.check_bounds(generics, errors);
        roles
    }

    /// The type on the backend `on`: `Mlp<H, B2>`.
    pub(super) fn on(&self, input: &Input, on: &Ident) -> TokenStream {
        let ident = &input.ident;
        let backend = self.backend.ident();
        let arguments = input.generics.params.iter().map(|param| match param {
            GenericParam::Type(param) if param.ident == *backend => on.to_token_stream(),
            GenericParam::Type(param) if self.is_module(&param.ident) => {
                let module = &param.ident;
                quote!(<#module as __volta::Module<#backend>>::On<#on>)
            }
            GenericParam::Type(param) => param.ident.to_token_stream(),
            GenericParam::Const(param) => param.ident.to_token_stream(),
            GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
        });
        if input.generics.params.is_empty() {
            quote!(#ident)
        } else {
            quote!(#ident<#(#arguments),*>)
        }
    }

    pub(super) fn is_module(&self, ident: &Ident) -> bool {
        self.modules.iter().any(|module| module.ident == *ident)
    }

    /// The parameters of an impl: those of the type, and the backend if it has none. The bounds
    /// `M: Module<B>` that the type leaves out are added.
    pub(super) fn impl_generics(&self, generics: &Generics) -> Generics {
        let mut generics = generics.clone();
        if let Some(backend) = self.backend.undeclared() {
            generics
                .params
                .push(syn::parse_quote!(#backend: __volta::Backend));
        }
        let backend = self.backend.ident();
        for module in self.modules.iter().filter(|module| !module.declared) {
            let ident = &module.ident;
            generics
                .make_where_clause()
                .predicates
                .push(syn::parse_quote!(#ident: __volta::Module<#backend>));
        }
        generics
    }

    /// `On<B2>` has to hold for every backend, so what depends on the backend can have no other
    /// bound than the one that makes it so.
    fn check_bounds(&self, generics: &Generics, errors: &mut Errors) -> bool {
        let backend = self.backend.ident();
        let mut sound = true;
        let mut refuse = |tokens: &dyn ToTokens, ident: &Ident, needed: &str| {
            errors.on(
                tokens.to_token_stream(),
                format!(
                    "`{ident}` changes with the backend, so the type can ask only `{ident}: \
                     {needed}` of it: put this bound on the impls that need it"
                ),
            );
            sound = false;
        };
        let needs_module = format!("Module<{backend}>");
        for (ident, bounds) in bounds(generics) {
            let (needed, allowed): (&str, &dyn Fn(&Ident) -> bool) = if *ident == *backend {
                // With `#[module(backend = B)]` the trait may go by another name.
                ("Backend", &|bound| bound == "Backend")
            } else if self.is_module(ident) {
                (&needs_module, &|bound| bound == "Module")
            } else {
                continue;
            };
            let renamed = *ident == *backend && !has_bound(generics, ident, "Backend");
            for bound in bounds {
                let TypeParamBound::Trait(bound) = bound else {
                    continue;
                };
                let named = bound.path.segments.last().map(|segment| &segment.ident);
                if !renamed && !named.is_some_and(allowed) {
                    refuse(&bound, ident, needed);
                }
            }
        }
        for predicate in predicates(generics) {
            if bare_param(generics, predicate).is_some() {
                continue;
            }
            if mentions(predicate, backend) {
                refuse(&predicate, backend, "Backend");
            } else if let Some(module) =
                (self.modules.iter()).find(|m| mentions(predicate, &m.ident))
            {
                refuse(&predicate, &module.ident, &needs_module);
            }
        }
        sound
    }
}

fn find_backend(input: &Input, errors: &mut Errors) -> Backend {
    let generics = &input.generics;
    let name = &input.ident;
    if let Some(backend) = &input.attrs.backend {
        if generics.type_params().any(|param| param.ident == *backend) {
            return Backend::Declared(backend.clone());
        }
        errors.on(
            backend,
            format!("`{backend}` is not a type parameter of `{name}`"),
        );
        return Backend::Every(input.fresh("B"));
    }
    let mut candidates = generics
        .type_params()
        .map(|param| &param.ident)
        .filter(|ident| has_bound(generics, ident, "Backend"));
    let Some(backend) = candidates.next() else {
        if let Some(field) = input.fields().find(|field| {
            field.kind() == Kind::Buffer
                || field.kind() == Kind::Module && !fits_every_backend(&field.ty)
        }) {
            errors.on(
                name,
                format!(
                    "`{name}` has no backend parameter: add `B: Backend = Cpu` to it, and `B` to \
                     the type of `{}`",
                    field.member.to_token_stream()
                ),
            );
        }
        return Backend::Every(input.fresh("B"));
    };
    for other in candidates {
        errors.on(
            other,
            format!(
                "`{backend}` and `{other}` are both backends: a module is on one; say which with \
                 `#[module(backend = {backend})]`"
            ),
        );
    }
    Backend::Declared(backend.clone())
}

/// Whether a type without a backend can have this field: one that names no parameters, such as
/// `Relu`, or only such that are modules.
fn fits_every_backend(ty: &Type) -> bool {
    let mut fits = true;
    walk_containers(ty, &mut |inner| {
        fits &= match inner {
            Type::Path(path) => (path.path.segments.iter()).all(|part| part.arguments.is_none()),
            // Wrong with a backend too; `valid` says how.
            _ => true,
        };
    });
    fits || last_word(ty).is_some_and(|word| word == "Tensor")
}

fn module_param(input: &Input, param: &TypeParam) -> Option<ModuleParam> {
    let ident = &param.ident;
    let declared = has_bound(&input.generics, ident, "Module");
    let mut found = declared;
    for field in input.fields().filter(|field| field.kind() == Kind::Module) {
        walk_containers(&field.ty, &mut |inner| {
            found |= matches!(inner, Type::Path(path) if path.path.is_ident(&ident.to_string()));
        });
    }
    found.then(|| ModuleParam {
        ident: ident.clone(),
        declared,
    })
}

/// Calls `visit` with the types that are not themselves containers: with `M` for `Vec<(M, M)>`.
pub(super) fn walk_containers<'a>(ty: &'a Type, visit: &mut impl FnMut(&'a Type)) {
    match ty {
        Type::Array(array) => walk_containers(&array.elem, visit),
        Type::Group(group) => walk_containers(&group.elem, visit),
        Type::Paren(paren) => walk_containers(&paren.elem, visit),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| walk_containers(ty, visit)),
        Type::Path(path) => {
            let last = path.path.segments.last();
            let arguments = match last.map(|last| (&last.ident, &last.arguments)) {
                Some((ident, PathArguments::AngleBracketed(arguments)))
                    if ident == "Vec" || ident == "Option" || ident == "Box" =>
                {
                    &arguments.args
                }
                _ => return visit(ty),
            };
            for argument in arguments {
                if let GenericArgument::Type(ty) = argument {
                    walk_containers(ty, visit);
                }
            }
        }
        _ => visit(ty),
    }
}

fn predicates(generics: &Generics) -> impl Iterator<Item = &WherePredicate> {
    generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates)
}

/// The parameter `T` of a predicate `T: ..`.
fn bare_param<'a>(generics: &'a Generics, predicate: &WherePredicate) -> Option<&'a Ident> {
    let WherePredicate::Type(predicate) = predicate else {
        return None;
    };
    let Type::Path(path) = &predicate.bounded_ty else {
        return None;
    };
    let ident = path.path.get_ident()?;
    generics
        .type_params()
        .map(|param| &param.ident)
        .find(|param| *param == ident)
}

/// Each parameter with its bounds, those of the where clause too.
fn bounds(generics: &Generics) -> impl Iterator<Item = (&Ident, Vec<&TypeParamBound>)> {
    let inline = generics
        .type_params()
        .map(|param| (&param.ident, param.bounds.iter().collect()));
    let clause = predicates(generics).filter_map(|predicate| match predicate {
        WherePredicate::Type(of) => {
            Some((bare_param(generics, predicate)?, of.bounds.iter().collect()))
        }
        _ => None,
    });
    inline.chain(clause)
}

fn has_bound(generics: &Generics, ident: &Ident, name: &str) -> bool {
    bounds(generics)
        .filter(|(param, _)| *param == ident)
        .flat_map(|(_, bounds)| bounds)
        .any(|bound| match bound {
            TypeParamBound::Trait(bound) => {
                (bound.path.segments.last()).is_some_and(|segment| segment.ident == name)
            }
            _ => false,
        })
}
