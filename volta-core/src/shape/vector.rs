//! Products of vectors.
//!
//! `Self` is the right operand, or inference would make it fit before this is asked.

use super::{Extent, Shape};

/// A vector of the size of the vector `S`: `a.dot(&b)`.
#[diagnostic::on_unimplemented(
    message = "dot: `{S}` and `{Self}` are not vectors of one size",
    label = "`[K]` and `[K]` have a dot product",
    note = "`.matmul(&b)` multiplies matrices and vectors"
)]
pub trait Dot<S: Shape>: Shape {}

#[diagnostic::do_not_recommend]
impl<K: Extent> Dot<(K,)> for (K,) {}

/// A vector of any size, for a vector `S`: `a.outer(&b)`. `Out` is `[M, N]`.
#[diagnostic::on_unimplemented(
    message = "outer: `{S}` and `{Self}` are not two vectors",
    label = "`[M]` and `[N]` have an outer product, `[M, N]`",
    note = "`a.unsqueeze::<-1>() * b.unsqueeze::<-2>()` multiplies all pairs of the last axes of larger tensors"
)]
pub trait Outer<S: Shape, Out: Shape>: Shape {}

#[diagnostic::do_not_recommend]
impl<M: Extent, N: Extent> Outer<(M,), (M, N)> for (N,) {}
