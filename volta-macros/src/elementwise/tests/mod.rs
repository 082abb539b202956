//! What functions compute, what they expand to, and what is wrong with them.

mod derivatives;
mod errors;
mod interpret;
mod snapshots;

use super::attributes::Attributes;
use super::compile::Compiled;
use super::function::Function;
use super::functions::Functions;
use crate::errors::Errors;
use syn::{ItemFn, Path, parse_quote};

/// Reads a function and compiles it, by itself.
fn compile(source: &str) -> (Function, Compiled) {
    let item: ItemFn = syn::parse_str(source).unwrap();
    let mut errors = Errors::default();
    let attrs = Attributes::read(item.attrs, false, &mut errors);
    let function = Function::read(attrs, item.vis, item.sig, Some(*item.block), &mut errors);
    let krate: Path = parse_quote!(::volta);
    let functions = Functions {
        krate: &krate,
        table: None,
    };
    let compiled = Compiled::new(&function, None, &functions, &mut errors);
    assert_eq!(errors.messages(), [""; 0], "{source}");
    (function, compiled.unwrap())
}
