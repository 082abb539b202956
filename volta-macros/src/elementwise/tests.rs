//! What the macros expand to.

use super::*;
use quote::quote;

fn expansion(item: proc_macro2::TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(attribute(quote!(), item)).unwrap())
}

#[test]
fn a_derivative_reads_the_output_where_that_is_enough() {
    let tanh = expansion(quote!(
        fn f(x: Float) -> Float {
            tanh(x)
        }
    ));
    assert!(tanh.contains("Saves::Output"));
    assert!(tanh.contains("y.lit(1.0) - y.clone() * y"));
    let ln = expansion(quote!(
        fn f(x: Float) -> Float {
            ln(x)
        }
    ));
    assert!(ln.contains("Saves::Inputs"));
    let sum = expansion(quote!(
        fn f(a: Num, b: Num) -> Num {
            a + b
        }
    ));
    assert!(sum.contains("Saves::Nothing"));
}
