//! The item as the derive sees it.

use super::attr::{FieldAttrs, TypeAttrs};
use crate::errors::Errors;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use std::collections::HashSet;
use syn::{GenericParam, Generics, Ident, Member, Type, Visibility};

pub(super) struct Input {
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) attrs: TypeAttrs,
    pub(super) data: Data,
    /// Every identifier in the item, so that a new one can differ from them.
    words: HashSet<String>,
}

pub(super) enum Data {
    Struct(Fields),
    Enum(Vec<Variant>),
    /// A union, which is an error.
    Union,
}

pub(super) struct Variant {
    pub(super) ident: Ident,
    pub(super) fields: Fields,
}

pub(super) struct Fields {
    pub(super) style: Style,
    pub(super) list: Vec<Field>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Style {
    Named,
    Tuple,
    Unit,
}

pub(super) struct Field {
    pub(super) member: Member,
    pub(super) ty: Type,
    pub(super) attrs: FieldAttrs,
}

/// What the derive does with a field.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A module: the default.
    Module,
    /// A tensor that is saved and not trained.
    Buffer,
    /// A value that is cloned.
    Skip,
    /// A `PhantomData`, which needs no attribute.
    Phantom,
}

impl Input {
    pub(super) fn read(item: syn::DeriveInput, errors: &mut Errors) -> Self {
        let mut words = HashSet::new();
        collect_words(item.to_token_stream(), &mut words);
        let attrs = TypeAttrs::read(&item.attrs, errors);
        let data = match item.data {
            syn::Data::Struct(data) => Data::Struct(Fields::read(data.fields, errors)),
            syn::Data::Enum(data) => Data::Enum(
                data.variants
                    .into_iter()
                    .map(|variant| Variant::read(variant, errors))
                    .collect(),
            ),
            syn::Data::Union(data) => {
                errors.on(
                    data.union_token,
                    "a union cannot be a module: use a struct or an enum",
                );
                Data::Union
            }
        };
        Input {
            vis: item.vis,
            ident: item.ident,
            generics: item.generics,
            attrs,
            data,
            words,
        }
    }

    /// The fields of the struct or of each variant.
    pub(super) fn groups(&self) -> impl Iterator<Item = &Fields> {
        let (one, many): (Option<&Fields>, &[Variant]) = match &self.data {
            Data::Struct(fields) => (Some(fields), &[]),
            Data::Enum(variants) => (None, variants),
            Data::Union => (None, &[]),
        };
        one.into_iter().chain(many.iter().map(|v| &v.fields))
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.groups().flat_map(|fields| &fields.list)
    }

    pub(super) fn is_struct(&self) -> bool {
        matches!(self.data, Data::Struct(_))
    }

    /// Whether a type or const parameter has this name.
    pub(super) fn has_param(&self, name: &Ident) -> bool {
        self.generics.params.iter().any(|param| match param {
            GenericParam::Type(param) => param.ident == *name,
            GenericParam::Const(param) => param.ident == *name,
            GenericParam::Lifetime(_) => false,
        })
    }

    /// An identifier that the item does not use. Generic parameters are not hygienic, so the
    /// name has to be free.
    pub(super) fn fresh(&self, name: &str) -> Ident {
        let mut name = name.to_owned();
        while self.words.contains(&name) {
            name.push('_');
        }
        Ident::new(&name, Span::mixed_site())
    }
}

impl Variant {
    fn read(variant: syn::Variant, errors: &mut Errors) -> Self {
        super::attr::refuse_on_variant(&variant.attrs, errors);
        Variant {
            ident: variant.ident,
            fields: Fields::read(variant.fields, errors),
        }
    }
}

impl Fields {
    fn read(fields: syn::Fields, errors: &mut Errors) -> Self {
        let style = match fields {
            syn::Fields::Named(_) => Style::Named,
            syn::Fields::Unnamed(_) => Style::Tuple,
            syn::Fields::Unit => Style::Unit,
        };
        let list = fields
            .into_iter()
            .enumerate()
            .map(|(i, field)| Field {
                attrs: FieldAttrs::read(&field.attrs, errors),
                member: match field.ident {
                    Some(ident) => Member::Named(ident),
                    None => Member::Unnamed(i.into()),
                },
                ty: field.ty,
            })
            .collect();
        Fields { style, list }
    }
}

impl Field {
    pub(super) fn kind(&self) -> Kind {
        if last_word(&self.ty).is_some_and(|word| word == "PhantomData") {
            Kind::Phantom
        } else if self.attrs.skip.is_some() {
            Kind::Skip
        } else if self.attrs.buffer.is_some() {
            Kind::Buffer
        } else {
            Kind::Module
        }
    }

    /// The segment of the field in the names of parameters; `None` if it has none.
    pub(super) fn name(&self) -> Option<String> {
        if self.attrs.flatten.is_some() {
            return None;
        }
        Some(match (&self.attrs.rename, &self.member) {
            (Some(name), _) => name.value(),
            (None, Member::Named(ident)) => {
                let name = ident.to_string();
                name.strip_prefix("r#").unwrap_or(&name).to_owned()
            }
            (None, Member::Unnamed(index)) => index.index.to_string(),
        })
    }

    /// The local variable that stands for the field. The prefix keeps it apart from the
    /// variables of the expansion.
    pub(super) fn local(&self) -> Ident {
        match &self.member {
            Member::Named(ident) => format_ident!("field_{}", ident, span = Span::mixed_site()),
            Member::Unnamed(index) => {
                format_ident!("field_{}", index.index, span = Span::mixed_site())
            }
        }
    }
}

/// The last segment of a path type: `Tensor` in `volta::Tensor<S, E, B>`.
pub(super) fn last_word(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        Type::Group(group) => last_word(&group.elem),
        Type::Paren(paren) => last_word(&paren.elem),
        _ => None,
    }
}

/// Whether `word` occurs in `tokens`.
pub(super) fn mentions(tokens: impl ToTokens, word: &Ident) -> bool {
    tokens
        .into_token_stream()
        .into_iter()
        .any(|tree| match tree {
            TokenTree::Ident(ident) => ident == *word,
            TokenTree::Group(group) => mentions(group.stream(), word),
            _ => false,
        })
}

fn collect_words(tokens: TokenStream, words: &mut HashSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => {
                words.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect_words(group.stream(), words),
            _ => {}
        }
    }
}
