//! The table that takes a computed size back to its `D<N>`.
//!
//! A size is two digits to the base 128. Each high digit is a type with 128 associated types, one
//! for each low digit, and a low digit picks one of them: 256 implementations give 16,384 sizes,
//! where an implementation for each would make the compiler compare them all with each other.

use std::fmt::Write;

use proc_macro2::TokenStream;

const BASE: usize = 128;

/// Expands to:
///
/// ```text
/// pub trait High { type D0: Dim; type D1: Dim; /* .. */ }
/// pub trait Low { type Of<H: High>: Dim; }
/// impl Low for U5 { type Of<H: High> = H::D5; }
/// impl High for U3 { type D0 = D<384>; type D1 = D<385>; /* .. */ }
/// ```
pub(crate) fn expand() -> TokenStream {
    let mut code = String::from("#[doc(hidden)] pub trait High {");
    for low in 0..BASE {
        let _ = write!(code, "type D{low}: Dim;");
    }
    code.push_str("} #[doc(hidden)] pub trait Low { type Of<H: High>: Dim; }");
    for low in 0..BASE {
        let _ = write!(
            code,
            "impl Low for ::typenum::consts::U{low} {{ type Of<H: High> = H::D{low}; }}"
        );
    }
    for high in 0..BASE {
        let _ = write!(code, "impl High for ::typenum::consts::U{high} {{");
        for low in 0..BASE {
            let _ = write!(code, "type D{low} = D<{}>;", high * BASE + low);
        }
        code.push('}');
    }
    code.parse().expect("the table is well-formed")
}
