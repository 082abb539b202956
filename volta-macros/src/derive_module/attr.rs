//! `#[module(..)]` on the type and on its fields.

use super::signature::Signature;
use crate::errors::Errors;
use proc_macro2::{Span, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, Ident, LitStr, Path, Token};

const ON_FIELDS: &str = "`skip`, `buffer`, `frozen`, `flatten`, `rename = \"..\"` and `init = ..`";
const ON_TYPES: &str = "`backend = B`, `crate = path`, `no_init`, `sequential` and \
                        `forward = [..] -> [..]`";

/// The attributes of the type.
#[derive(Default)]
pub(super) struct TypeAttrs {
    pub(super) backend: Option<Ident>,
    pub(super) krate: Option<Path>,
    pub(super) no_init: Option<Span>,
    pub(super) sequential: Option<Span>,
    /// For volta's own layers: rustc does not propose the type where another one is no module.
    /// Not the rule, for `diagnostic` is not in scope under `no_implicit_prelude`.
    pub(super) do_not_recommend: Option<Span>,
    pub(super) forward: Option<Signature>,
    /// Whether `forward` is there, even if it could not be read.
    pub(super) has_forward: bool,
}

/// The attributes of one field.
#[derive(Default)]
pub(super) struct FieldAttrs {
    pub(super) skip: Option<Span>,
    pub(super) buffer: Option<Span>,
    pub(super) frozen: Option<Span>,
    pub(super) flatten: Option<Span>,
    pub(super) rename: Option<LitStr>,
    pub(super) init: Option<Expr>,
}

impl TypeAttrs {
    pub(super) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut this = TypeAttrs::default();
        for_each_entry(attrs, errors, |key, input, errors| {
            match key.to_string().as_str() {
                "backend" => put(&mut this.backend, key, value(key, input, "B")?, errors),
                "crate" => {
                    let path = value_with(key, input, "::volta", Path::parse_mod_style)?;
                    put(&mut this.krate, key, path, errors);
                }
                "no_init" => put_flag(&mut this.no_init, key, input, errors)?,
                "sequential" => put_flag(&mut this.sequential, key, input, errors)?,
                "do_not_recommend" => put_flag(&mut this.do_not_recommend, key, input, errors)?,
                "forward" => {
                    this.has_forward = true;
                    let signature = value_with(key, input, "[N, 784] -> [N, 10]", |input| {
                        Signature::parse(input, errors)
                    })?;
                    if let Some(signature) = signature {
                        put(&mut this.forward, key, signature, errors);
                    }
                }
                other if is_field_key(other) => {
                    return Err(misplaced(key, "belongs on a field, not on the type"));
                }
                _ => return Err(unknown(key, &format!("a type takes {ON_TYPES}"))),
            }
            Ok(())
        });
        this
    }
}

impl FieldAttrs {
    pub(super) fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut this = FieldAttrs::default();
        for_each_entry(attrs, errors, |key, input, errors| {
            match key.to_string().as_str() {
                "skip" => put_flag(&mut this.skip, key, input, errors)?,
                "buffer" => put_flag(&mut this.buffer, key, input, errors)?,
                "frozen" => put_flag(&mut this.frozen, key, input, errors)?,
                "flatten" => put_flag(&mut this.flatten, key, input, errors)?,
                "rename" => put(
                    &mut this.rename,
                    key,
                    value(key, input, "\"weight\"")?,
                    errors,
                ),
                "init" => put(
                    &mut this.init,
                    key,
                    value(key, input, "Dropout::new(0.5)")?,
                    errors,
                ),
                other if is_type_key(other) => {
                    return Err(misplaced(key, "belongs on the type, not on a field"));
                }
                _ => return Err(unknown(key, &format!("a field takes {ON_FIELDS}"))),
            }
            Ok(())
        });
        this
    }
}

/// Variants take no attributes.
pub(super) fn refuse_on_variant(attrs: &[Attribute], errors: &mut Errors) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("module")) {
        errors.on(
            attr,
            "a variant takes no `#[module(..)]`: write it on the enum or on the fields of the \
             variant",
        );
    }
}

fn is_field_key(key: &str) -> bool {
    matches!(
        key,
        "skip" | "buffer" | "frozen" | "flatten" | "rename" | "init"
    )
}

fn is_type_key(key: &str) -> bool {
    matches!(
        key,
        "backend" | "crate" | "no_init" | "sequential" | "forward"
    )
}

fn unknown(key: &Ident, allowed: &str) -> syn::Error {
    syn::Error::new(key.span(), format!("unknown attribute `{key}`: {allowed}"))
}

fn misplaced(key: &Ident, place: &str) -> syn::Error {
    syn::Error::new(key.span(), format!("`{key}` {place}"))
}

/// Calls `read` with each `key` of each `#[module(key, key = ..)]`, at the tokens after it. A
/// wrong entry does not hide the next.
fn for_each_entry(
    attrs: &[Attribute],
    errors: &mut Errors,
    mut read: impl FnMut(&Ident, ParseStream, &mut Errors) -> syn::Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("module")) {
        if let Err(error) = attr.meta.require_list() {
            errors.at(error.span(), "expected `#[module(..)]`");
            continue;
        }
        let outcome = attr.parse_args_with(|input: ParseStream| {
            while !input.is_empty() {
                let entry = Ident::parse_any(input).and_then(|key| {
                    read(&key, input, errors)?;
                    if input.is_empty() || input.peek(Token![,]) {
                        Ok(())
                    } else {
                        Err(input.error(format!("expected `,` after `{key}`")))
                    }
                });
                if let Err(error) = entry {
                    errors.push(error);
                    while !input.is_empty() && !input.peek(Token![,]) {
                        input.parse::<TokenTree>()?;
                    }
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        });
        if let Err(error) = outcome {
            errors.push(error);
        }
    }
}

fn put<T>(slot: &mut Option<T>, key: &Ident, value: T, errors: &mut Errors) {
    if slot.is_some() {
        errors.at(key.span(), format!("`{key}` is given twice"));
    }
    *slot = Some(value);
}

fn put_flag(
    slot: &mut Option<Span>,
    key: &Ident,
    input: ParseStream,
    errors: &mut Errors,
) -> syn::Result<()> {
    if !input.is_empty() && !input.peek(Token![,]) {
        return Err(input.error(format!("`{key}` takes no value")));
    }
    put(slot, key, key.span(), errors);
    Ok(())
}

fn value<T: Parse>(key: &Ident, input: ParseStream, example: &str) -> syn::Result<T> {
    value_with(key, input, example, T::parse)
}

fn value_with<T>(
    key: &Ident,
    input: ParseStream,
    example: &str,
    parse: impl FnOnce(ParseStream) -> syn::Result<T>,
) -> syn::Result<T> {
    let expected = format!("`{key}` needs a value: `{key} = {example}`");
    if !input.peek(Token![=]) {
        return Err(syn::Error::new(key.span(), expected));
    }
    input.parse::<Token![=]>()?;
    let span = if input.is_empty() {
        key.span()
    } else {
        input.span()
    };
    parse(input).map_err(|_| syn::Error::new(span, expected))
}
