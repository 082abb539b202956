//! Attention: queries, keys and values.

use super::{Extent, Shape};

/// Queries `[.., T, D]` that attend to keys `[.., S, D]` with values `[.., S, V]`; the axes in
/// front are equal.
#[diagnostic::on_unimplemented(
    message = "attention: `{Self}` does not attend to keys `{K}` and values `{V}`",
    label = "`[.., T, D]` attends to keys `[.., S, D]` and values `[.., S, V]`",
    note = "the three have one number of axes, 2 to 6; `.unsqueeze::<A>()` adds one"
)]
pub trait Attend<K: Shape, V: Shape>: Shape {
    /// `[.., T, S]`.
    type Scores: Shape;
    /// `[.., T, V]`.
    type Out: Shape;
}

/// The sizes of a query and of a key: they must be the same type.
#[diagnostic::on_unimplemented(
    message = "attention: a query of size `{Self}` and a key of size `{R}`",
    label = "the last axes of queries and keys are equal"
)]
pub trait QuerySize<R: Extent>: Extent {}

#[diagnostic::do_not_recommend]
impl<X: Extent> QuerySize<X> for X {}

/// The numbers of keys and of values: they must be the same type.
#[diagnostic::on_unimplemented(
    message = "attention: `{Self}` keys, and `{R}` values",
    label = "each key has one value"
)]
pub trait KeyCount<R: Extent>: Extent {}

#[diagnostic::do_not_recommend]
impl<X: Extent> KeyCount<X> for X {}

/// An axis in front: it must be the same type in queries, keys and values.
#[diagnostic::on_unimplemented(
    message = "attention: batch axes of size `{Self}` and `{R}` differ",
    label = "the axes in front of the last two are equal: batch, heads",
    note = "`.expand()` repeats keys and values that serve several queries"
)]
pub trait AttentionBatch<R: Extent>: Extent {}

#[diagnostic::do_not_recommend]
impl<X: Extent> AttentionBatch<X> for X {}

macro_rules! attend {
    ($(($a:ident $b:ident $c:ident))*) => {
        impl<
            $($a: AttentionBatch<$b> + AttentionBatch<$c>, $b: Extent, $c: Extent,)*
            T: Extent, S: KeyCount<S2>, S2: Extent, Q: QuerySize<Q2>, Q2: Extent, V: Extent,
        > Attend<($($b,)* S, Q2), ($($c,)* S2, V)> for ($($a,)* T, Q)
        {
            type Scores = ($($a,)* T, S);
            type Out = ($($a,)* T, V);
        }
    };
}

attend!();
attend!((A A2 A3));
attend!((A A2 A3) (B B2 B3));
attend!((A A2 A3) (B B2 B3) (C C2 C3));
attend!((A A2 A3) (B B2 B3) (C C2 C3) (F F2 F3));
