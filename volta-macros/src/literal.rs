//! `tensor![[1., 2.], [3., 4.]]`: the shape comes from the nesting.

use crate::errors::Errors;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

const MAX_RANK: usize = 6;

/// Expands `[$crate] [1., 2.], [3., 4.]` to
/// `$crate::__private::literal::<(D<2>, D<2>), _, 4>([1., 2., 3., 4.])`.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter();
    let Some(TokenTree::Group(krate)) = tokens.next() else {
        unreachable!("`tensor!` passes its crate first")
    };
    let krate = krate.stream();
    let mut errors = Errors::default();
    let literal = read(tokens.collect(), &mut errors);
    let site = Span::mixed_site();
    if let Some(errors) = errors.into_compile_errors() {
        return quote_spanned!(site=> { #errors });
    }
    let Literal { shape, elements } = literal;
    let shape = shape
        .into_iter()
        .map(proc_macro2::Literal::usize_unsuffixed);
    let count = proc_macro2::Literal::usize_unsuffixed(elements.len());
    quote_spanned! {site=>
        #krate::__private::literal::<(#(#krate::__private::D<#shape>,)*), _, #count>([#(#elements),*])
    }
}

#[derive(Default)]
struct Literal {
    shape: Vec<usize>,
    elements: Vec<Expr>,
}

fn read(tokens: TokenStream, errors: &mut Errors) -> Literal {
    let mut literal = Literal::default();
    let parse = |input: ParseStream| Punctuated::<Expr, Token![,]>::parse_terminated(input);
    let rows = match parse.parse2(tokens) {
        Ok(rows) => rows,
        Err(error) => {
            errors.push(error);
            return literal;
        }
    };
    let is_scalar = rows.len() == 1 && !rows.trailing_punct() && !is_row(&rows[0]);
    if is_scalar {
        literal.elements.extend(rows);
        return literal;
    }
    if rows.is_empty() {
        errors.at(Span::call_site(), EMPTY);
        return literal;
    }
    literal.shape = vec![rows.len()];
    let mut first = rows.first();
    while let Some(Expr::Array(row)) = first.map(ungroup) {
        literal.shape.push(row.elems.len());
        first = row.elems.first();
    }
    if literal.shape.len() > MAX_RANK {
        errors.on(
            &rows[0],
            format!(
                "a tensor has at most {MAX_RANK} axes, this literal has {}",
                literal.shape.len()
            ),
        );
        return literal;
    }
    for row in rows {
        let shape = literal.shape.clone();
        flatten(row, &shape[1..], &mut literal.elements, errors);
    }
    literal
}

const EMPTY: &str = "a tensor literal has at least one element in every row: for a size of 0 use \
                     `Tensor::zeros()`";

/// Adds the elements of `row`, which has to have the shape `shape`.
fn flatten(row: Expr, shape: &[usize], elements: &mut Vec<Expr>, errors: &mut Errors) {
    let row = match row {
        Expr::Group(group) => return flatten(*group.expr, shape, elements, errors),
        Expr::Repeat(repeat) => {
            return errors.on(
                repeat,
                "a tensor literal lists its elements: for a tensor of one value use \
                 `Tensor::full(..)`",
            );
        }
        row => row,
    };
    match (row, shape) {
        (Expr::Array(row), [size, rest @ ..]) => {
            if row.elems.is_empty() {
                errors.on(row, EMPTY);
            } else if row.elems.len() != *size {
                errors.on(
                    &row,
                    format!(
                        "this row has {}, the first one has {}",
                        count(row.elems.len(), rest),
                        size
                    ),
                );
            } else {
                for inner in row.elems {
                    flatten(inner, rest, elements, errors);
                }
            }
        }
        (Expr::Array(row), []) => errors.on(
            row,
            "this is a row, and the first entry beside it is a single element",
        ),
        (element, []) => elements.push(element),
        (element, [size, rest @ ..]) => errors.on(
            element,
            format!(
                "this is a single element, and the first entry beside it is a row of {}",
                count(*size, rest)
            ),
        ),
    }
}

fn count(count: usize, inner: &[usize]) -> String {
    let what = if inner.is_empty() { "element" } else { "row" };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

fn is_row(expr: &Expr) -> bool {
    matches!(ungroup(expr), Expr::Array(_) | Expr::Repeat(_))
}

/// An expression that came through `$e:expr` is in a group.
fn ungroup(mut expr: &Expr) -> &Expr {
    while let Expr::Group(group) = expr {
        expr = &group.expr;
    }
    expr
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn expansion(tokens: TokenStream) -> String {
        expand(quote!([::volta] #tokens))
            .to_string()
            .replace(' ', "")
    }

    fn errors(tokens: TokenStream) -> Vec<String> {
        let mut errors = Errors::default();
        read(tokens, &mut errors);
        errors.messages()
    }

    fn shape(tokens: TokenStream) -> Vec<usize> {
        let mut errors = Errors::default();
        let literal = read(tokens, &mut errors);
        assert_eq!(errors.messages(), [""; 0]);
        literal.shape
    }

    #[test]
    fn the_elements_come_in_row_order() {
        assert_eq!(
            expansion(quote!([1., 2.], [3., -4.])),
            "::volta::__private::literal::<(::volta::__private::D<2>,\
             ::volta::__private::D<2>,),_,4>([1.,2.,3.,-4.])"
        );
    }

    #[test]
    fn the_shape_comes_from_the_nesting() {
        assert_eq!(shape(quote!(3.0)), []);
        assert_eq!(shape(quote!(3.0,)), [1]);
        assert_eq!(shape(quote!(x + 1.0, f(2, 3))), [2]);
        assert_eq!(shape(quote!([1.0])), [1, 1]);
        assert_eq!(shape(quote!([[1, 2, 3,], [4, 5, 6],],)), [1, 2, 3]);
        assert_eq!(shape(quote!([[[[[1]]]]])), [1; 6]);
    }

    #[test]
    fn every_odd_row_is_an_error() {
        assert_eq!(
            errors(quote!([1, 2, 3], [4, 5], [6], [7, 8, 9])),
            [
                "this row has 2 elements, the first one has 3",
                "this row has 1 element, the first one has 3",
            ]
        );
        assert_eq!(
            errors(quote!([[1], [2]], [[3]])),
            ["this row has 1 row, the first one has 2"]
        );
    }

    #[test]
    fn rows_and_elements_do_not_mix() {
        assert_eq!(
            errors(quote!([1, 2], 3, [[4], [5]])),
            [
                "this is a single element, and the first entry beside it is a row of 2 elements",
                "this is a row, and the first entry beside it is a single element",
                "this is a row, and the first entry beside it is a single element",
            ]
        );
    }

    #[test]
    fn an_empty_row_is_an_error() {
        assert_eq!(errors(quote!()), [EMPTY]);
        assert_eq!(errors(quote!([])), [EMPTY]);
        assert_eq!(errors(quote!([1], [])), [EMPTY]);
    }

    #[test]
    fn what_is_no_literal_says_so() {
        assert!(errors(quote!([0.0; 3]))[0].contains("`Tensor::full(..)`"));
        assert_eq!(
            errors(quote!([[[[[[1]]]]]])),
            ["a tensor has at most 6 axes, this literal has 7"]
        );
        assert_eq!(
            expand(quote!([::volta][1], [])).to_string(),
            format!("{{ :: core :: compile_error ! {{ {EMPTY:?} }} }}")
        );
    }
}
