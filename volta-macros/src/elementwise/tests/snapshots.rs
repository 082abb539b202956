//! The expansion of each file in `tests/snapshots`.

use super::super::{attribute, fuse, table};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use std::path::Path;
use std::{env, fs};
use syn::{Expr, Item, ItemFn, Stmt};

/// Compares with `<name>.expanded.rs`, or writes it if `UPDATE_SNAPSHOTS` is set.
fn snapshot(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let source = fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap();
    let items = syn::parse_file(&source).unwrap().items;
    let expanded = items.into_iter().map(expansion);
    let file = syn::parse2(expanded.collect()).unwrap();
    let expanded = prettyplease::unparse(&file);
    let path = folder.join(format!("{name}.expanded.rs"));
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &expanded).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == expanded,
        "{name} expands to\n{expanded}\nIf that is right, run again with UPDATE_SNAPSHOTS=1."
    );
}

fn expansion(item: Item) -> TokenStream {
    match item {
        Item::Fn(mut item) => match item
            .attrs
            .pop_if(|attr| attr.path().is_ident("elementwise"))
        {
            Some(attr) => {
                let arguments = attr.meta.require_list().map(|list| list.tokens.clone());
                attribute(arguments.unwrap_or_default(), item.to_token_stream())
            }
            None => with_fused_body(item),
        },
        Item::Macro(item) => table(item.mac.tokens),
        item => item.to_token_stream(),
    }
}

/// A function whose body is `fuse!(..)`.
fn with_fused_body(item: ItemFn) -> TokenStream {
    let [Stmt::Expr(Expr::Macro(call), None)] = &item.block.stmts[..] else {
        panic!("a body of `fuse!` alone");
    };
    let (signature, closure) = (&item.sig, &call.mac.tokens);
    let body = fuse(quote!([::volta] #closure));
    quote!(#signature #body)
}

#[test]
fn snapshot_of_a_function_of_one_input() {
    snapshot("elementwise_unary");
}

#[test]
fn snapshot_of_functions_of_two_inputs() {
    snapshot("elementwise_binary");
}

#[test]
fn snapshot_of_a_function_of_several_outputs() {
    snapshot("elementwise_several");
}

#[test]
fn snapshot_of_a_table() {
    snapshot("elementwise_table");
}

#[test]
fn snapshot_of_fused_closures() {
    snapshot("fuse");
}
