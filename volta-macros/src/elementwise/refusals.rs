//! What a body cannot have, and what it has instead.

use syn::Expr;

pub(super) const NO_MACROS: &str = "no macros here: a call is of a function";
pub(super) const NO_REFERENCES: &str = "no references here: numbers are used as they are";
const NO_LOOPS: &str = "no loops here: every element is computed by the same operations";

/// What is said of an expression that is not known.
pub(super) fn unsupported(expr: &Expr) -> &'static str {
    match expr {
        Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_) => NO_LOOPS,
        Expr::Match(_) => "no `match` here: write `if .. { .. } else { .. }`",
        Expr::Closure(_) => "no closures here: write a function, and call it",
        Expr::Cast(_) => "no `as` here: every number is already of the type of the inputs",
        Expr::Index(_) => "no indexing here: a function sees one element of each input",
        Expr::Reference(_) | Expr::RawAddr(_) => NO_REFERENCES,
        Expr::Macro(_) => NO_MACROS,
        Expr::Return(_) => {
            "no `return` here: the last expression is the result, also of an `if .. { .. } else { .. }`"
        }
        Expr::Tuple(_) => "a tuple is the result of the whole function alone",
        Expr::Field(_) => "no fields here: a parameter is an argument, `slope: f64`",
        Expr::Let(_) => "no `let` in a condition: a condition is a comparison",
        Expr::Unsafe(_) => "nothing here is `unsafe`",
        _ => {
            "not known here: a function is made of literals, constants, `let`, arithmetic, \
             comparisons, `if .. else ..` and calls"
        }
    }
}
