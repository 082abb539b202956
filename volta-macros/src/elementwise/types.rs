//! The types in the signature of a function.

use super::function::Class;
use super::names;
use crate::errors::Errors;
use syn::{Signature, Type};

/// Whether the type is a parameter of the function.
pub(super) fn is_generic(ty: &Type, sig: &Signature) -> bool {
    type_name(ty).is_some_and(|name| {
        let mut parameters = sig.generics.type_params();
        parameters.any(|parameter| names::plain(&parameter.ident) == name)
    })
}

const ONE_ELEMENT: &str = "a function is written for one element: write `Float`, and it takes \
                           tensors of every shape";

const ARGUMENT: &str = "an input is `Float`, `Num`, `Int`, `Any` or `bool`; a run-time parameter \
                        is `f64`";

/// `Some(None)` for a parameter, `None` after an error.
pub(super) fn argument_type(ty: &Type, errors: &mut Errors) -> Option<Option<Class>> {
    if is_of_many(ty) {
        errors.on(ty, ONE_ELEMENT);
        return None;
    }
    let Some(name) = type_name(ty) else {
        match ty {
            Type::Reference(ty) => errors.on(ty, format!("no references here: {ARGUMENT}")),
            ty => errors.on(ty, ARGUMENT),
        }
        return None;
    };
    if name == "f64" {
        return Some(None);
    }
    if let Some(class) = Class::find(&name) {
        return Some(Some(class));
    }
    match name.as_str() {
        "f32" | "f16" | "bf16" => errors.on(
            ty,
            "write `Float`: the function is of every float type; `f64` is a run-time parameter",
        ),
        "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "u64" | "i64" | "usize" | "isize" => errors
            .on(
                ty,
                "write `Int`: the function is of every integer type; `f64` is a run-time parameter",
            ),
        _ => errors.on(ty, format!("unknown type `{name}`: {ARGUMENT}")),
    }
    None
}

/// Whether the type is a tensor, a slice, an array or a vector.
fn is_of_many(ty: &Type) -> bool {
    match ty {
        Type::Slice(_) | Type::Array(_) => true,
        Type::Reference(ty) => is_of_many(&ty.elem),
        Type::Path(ty) => {
            let last = ty.path.segments.last();
            last.is_some_and(|last| last.ident == "Tensor" || last.ident == "Vec")
        }
        _ => false,
    }
}

pub(super) fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(ty) if ty.qself.is_none() => ty.path.get_ident().map(names::plain),
        Type::Paren(ty) => type_name(&ty.elem),
        Type::Group(ty) => type_name(&ty.elem),
        _ => None,
    }
}
