//! Products of vectors.

use super::{Extent, Shape};

/// Vectors of one size: `a.dot(&b)`.
#[diagnostic::on_unimplemented(
    message = "dot: `{Self}` and `{R}` are not vectors of one size",
    label = "`[K]` and `[K]` have a dot product",
    note = "`.matmul(&b)` multiplies matrices and vectors"
)]
pub trait Dot<R>: Shape {}

#[diagnostic::do_not_recommend]
impl<K: Extent> Dot<(K,)> for (K,) {}

/// Vectors of any sizes: `a.outer(&b)`.
#[diagnostic::on_unimplemented(
    message = "outer: `{Self}` and `{R}` are not two vectors",
    label = "`[M]` and `[N]` have an outer product, `[M, N]`",
    note = "`a.unsqueeze::<-1>() * b` multiplies all pairs of the last axes of larger tensors"
)]
pub trait Outer<R>: Shape {
    /// The shape of the product.
    type Out: Shape;
}

#[diagnostic::do_not_recommend]
impl<M: Extent, N: Extent> Outer<(N,)> for (M,) {
    type Out = (M, N);
}
