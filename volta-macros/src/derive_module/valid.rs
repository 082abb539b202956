//! What can be wrong with an item whose parts could be read.

use super::ast::{Data, Field, Fields, Input, Kind, last_word, mentions};
use super::roles::{Roles, walk_containers};
use super::signature::Axis;
use crate::errors::Errors;
use proc_macro2::Span;
use quote::ToTokens;
use std::collections::HashSet;
use syn::spanned::Spanned;
use syn::{Ident, Type};

pub(super) fn check(input: &Input, roles: &Roles, errors: &mut Errors) {
    check_type(input, errors);
    for fields in input.groups() {
        for field in &fields.list {
            check_attributes(field, errors);
            check_init(input, field, errors);
            check_field_type(field, roles, errors);
        }
        check_names(fields, errors);
    }
    check_forward(input, roles, errors);
}

fn check_type(input: &Input, errors: &mut Errors) {
    let attrs = &input.attrs;
    if let (Some(span), Data::Enum(_)) = (attrs.no_init, &input.data) {
        errors.at(
            span,
            "an enum has no `Init` anyway: `no_init` is for structs",
        );
    }
    if let (Some(span), false) = (attrs.sequential, attrs.has_forward) {
        errors.at(
            span,
            "`sequential` needs the shapes: `#[module(sequential, forward = [N, 784] -> [N, 10])]`",
        );
    }
}

fn check_attributes(field: &Field, errors: &mut Errors) {
    let attrs = &field.attrs;
    let rename = attrs.rename.as_ref().map(Spanned::span);
    let mut exclude = |one: (&str, Option<Span>), other: (&str, Option<Span>), reason: &str| {
        if let ((a, Some(_)), (b, Some(span))) = (one, other) {
            errors.at(
                span,
                format!("`{a}` and `{b}` exclude each other: {reason}"),
            );
        }
    };
    let skip = ("skip", attrs.skip);
    let buffer = ("buffer", attrs.buffer);
    let frozen = ("frozen", attrs.frozen);
    let flatten = ("flatten", attrs.flatten);
    let rename = ("rename", rename);
    exclude(skip, buffer, "a skipped field is not saved, a buffer is");
    exclude(skip, frozen, "a skipped field has no parameters to freeze");
    exclude(skip, flatten, "a skipped field has no name");
    exclude(skip, rename, "a skipped field has no name");
    exclude(buffer, frozen, "a buffer is never trained");
    exclude(buffer, flatten, "a buffer needs a name");
    exclude(flatten, rename, "a flattened field has no name of its own");
    exclude(flatten, frozen, "a frozen field needs a name");
}

fn check_init(input: &Input, field: &Field, errors: &mut Errors) {
    let init = field.attrs.init.as_ref();
    match &input.data {
        Data::Struct(_) if input.attrs.no_init.is_some() => {
            if let Some(init) = init {
                errors.on(init, "`init` has no use here: the type says `no_init`");
            }
        }
        Data::Struct(_) => {
            if let (Kind::Buffer, None, Some(span)) = (field.kind(), init, field.attrs.buffer) {
                errors.at(
                    span,
                    "say what the buffer starts from, `#[module(buffer, init = ..)]` (`device` \
                     and `rng` are in scope), or put `#[module(no_init)]` on the type",
                );
            }
        }
        Data::Enum(_) => {
            if let Some(init) = init {
                errors.on(
                    init,
                    "`init` is for structs: an enum has no `Init`, as nothing says which variant",
                );
            }
        }
        Data::Union => {}
    }
}

fn check_field_type(field: &Field, roles: &Roles, errors: &mut Errors) {
    match field.kind() {
        Kind::Module => check_module_type(&field.ty, errors),
        Kind::Skip => {
            let modules = roles.modules.iter().map(|module| &module.ident);
            let mut changing = modules.chain([roles.backend.ident()]);
            if let Some(ident) = changing.find(|ident| mentions(&field.ty, ident)) {
                errors.on(
                    &field.ty,
                    format!(
                        "a skipped field is cloned when the model moves to another backend, so its \
                         type cannot name `{ident}`: a tensor that moves along is \
                         `#[module(buffer)]`"
                    ),
                );
            }
        }
        Kind::Phantom => {
            let attrs = &field.attrs;
            for span in [attrs.buffer, attrs.frozen, attrs.flatten]
                .into_iter()
                .flatten()
            {
                errors.at(span, "a `PhantomData` holds nothing: it needs no attribute");
            }
        }
        Kind::Buffer => {}
    }
}

fn check_module_type(ty: &Type, errors: &mut Errors) {
    if last_word(ty).is_some_and(|word| word == "Tensor") {
        return errors.on(
            ty,
            "a tensor in a module is a `Param` (trained), `#[module(buffer)]` (saved, not \
             trained) or `#[module(skip)]`",
        );
    }
    walk_containers(ty, &mut |inner| match inner {
        Type::Reference(_) => errors.on(
            inner,
            "a module owns its parts: own this one, or mark the field `#[module(skip)]`",
        ),
        Type::Path(_) => match last_word(inner) {
            Some(word) if word == "Tensor" => errors.on(
                inner,
                "a tensor in a module is a `Param` (trained); a buffer is a field of its own",
            ),
            Some(word) if is_plain(word) => errors.on(
                inner,
                format!("`{word}` holds no parameters: mark the field `#[module(skip)]`"),
            ),
            _ => {}
        },
        Type::FnPtr(_) | Type::Ptr(_) | Type::Never(_) | Type::TraitObject(_) => errors.on(
            inner,
            format!(
                "`{}` is not a module: mark the field `#[module(skip)]`",
                inner.to_token_stream()
            ),
        ),
        _ => {}
    });
}

/// A type that is never a module, and that people forget to skip.
fn is_plain(word: &Ident) -> bool {
    const PLAIN: [&str; 17] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
        "u32", "u64", "u128", "usize", "String",
    ];
    PLAIN.iter().any(|plain| word == plain)
}

fn check_names(fields: &Fields, errors: &mut Errors) {
    let mut names = HashSet::new();
    for field in &fields.list {
        if matches!(field.kind(), Kind::Skip | Kind::Phantom) {
            continue;
        }
        let Some(name) = field.name() else { continue };
        let span = match &field.attrs.rename {
            Some(rename) => rename.span(),
            None => field.member.span(),
        };
        if name.is_empty() {
            errors.at(
                span,
                "a name cannot be empty: `#[module(flatten)]` leaves the segment out",
            );
        } else if name.contains('.') {
            errors.at(
                span,
                format!("`{name}` has a dot, which separates the segments of a name"),
            );
        } else if !names.insert(name.clone()) {
            errors.at(
                span,
                format!("two fields are saved under the name `{name}`"),
            );
        }
    }
}

fn check_forward(input: &Input, roles: &Roles, errors: &mut Errors) {
    let Some(signature) = &input.attrs.forward else {
        return;
    };
    match &input.data {
        Data::Struct(fields) if !has_layers(fields) => errors.on(
            &input.ident,
            format!(
                "`forward` calls the layers of `{}` in order, and it has none",
                input.ident
            ),
        ),
        Data::Enum(variants) => {
            for variant in variants
                .iter()
                .filter(|variant| !has_layers(&variant.fields))
            {
                errors.on(
                    &variant.ident,
                    format!(
                        "`forward` calls the layers of the variant in order, and `{}` has none",
                        variant.ident
                    ),
                );
            }
        }
        _ => {}
    }
    let mut bound = HashSet::new();
    for (axes, is_output) in [
        (&signature.input.axes, false),
        (&signature.output.axes, true),
    ] {
        for axis in axes {
            let Axis::Name(name) = axis else { continue };
            if name == roles.backend.ident() || Some(name) == roles.float.as_ref() {
                errors.on(
                    name,
                    format!(
                        "`{name}` is not a size: it is a parameter of `{}`",
                        input.ident
                    ),
                );
            } else if !is_output {
                bound.insert(name);
            } else if !bound.contains(name) && !input.has_param(name) {
                errors.on(
                    name,
                    format!("`{name}` is in the output alone: an axis that comes out has a size, or a name from the input"),
                );
            }
        }
    }
}

fn has_layers(fields: &Fields) -> bool {
    fields.list.iter().any(|field| field.kind() == Kind::Module)
}
