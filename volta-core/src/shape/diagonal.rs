//! Matrices and their diagonals.
//!
//! Where a result follows from `Self` it is a parameter all the same: the compiler then reports what
//! is wrong as ours, not as a method that does not exist.

use super::{Dyn, Extent, MinDim, Shape};

/// A matrix or a batch of matrices: `x.tril(k)`, `x.triu(k)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a matrix or a batch of matrices",
    label = "`{Self}` has fewer than two axes",
    note = "`.unsqueeze::<A>()` makes a matrix of a vector; `.diag_embed()` puts one on a diagonal"
)]
pub trait Matrices: Shape {
    /// `Self`. The sizes are looked at through this, so that a missing axis is reported once.
    type This: Shape;
}

/// Matrices whose diagonals have a size that is known: `x.diagonal()`. `Out` has the smaller of the
/// last two sizes in their place.
#[diagnostic::on_unimplemented(
    message = "diagonal: `{Self}` is not a matrix or a batch of matrices",
    label = "`{Self}` has fewer than two axes",
    note = "`.diag_embed()` puts a vector on a diagonal"
)]
pub trait Diagonal<Out: Shape>: Shape {}

impl<S: Matrices, Out: Shape> Diagonal<Out> for S where S::This: Diagonals<Out> {}

/// [`Diagonal`] by rank. It is a trait of its own so that the compiler does not list its
/// implementations to the user.
pub trait Diagonals<Out: Shape>: Shape {}

/// Matrices with diagonals beside the main one: `x.diagonal_at(k)`. `Out` has `Dyn` in place of the
/// last two sizes.
#[diagnostic::on_unimplemented(
    message = "diagonal_at: `{Self}` is not a matrix or a batch of matrices",
    label = "`{Self}` has fewer than two axes",
    note = "`.diag_embed_at(k)` puts a vector on a diagonal"
)]
pub trait DiagonalAt<Out: Shape>: Shape {}

/// Matrices with a trace: `x.trace()`. `Out` is the shape without the last two axes.
#[diagnostic::on_unimplemented(
    message = "trace: `{Self}` is not a matrix or a batch of matrices",
    label = "`{Self}` has fewer than two axes",
    note = "`.sum()` adds all elements"
)]
pub trait Trace<Out: Shape>: Shape {}

macro_rules! matrices {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* M: Extent, N: Extent> Matrices for ($($axis,)* M, N) {
            type This = Self;
        }

        impl<$($axis: Extent,)* M: DiagonalWith<N, Out>, N: Extent, Out: Extent>
            Diagonals<($($axis,)* Out,)> for ($($axis,)* M, N)
        {
        }

        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* M: Extent, N: Extent> DiagonalAt<($($axis,)* Dyn,)>
            for ($($axis,)* M, N)
        {
        }

        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* M: Extent, N: Extent> Trace<($($axis,)*)> for ($($axis,)* M, N) {}
    };
}

matrices!();
matrices!(A);
matrices!(A B);
matrices!(A B C);
matrices!(A B C F);

/// A number of rows of which the smaller with a number of columns is known: `Out`.
#[diagnostic::on_unimplemented(
    message = "diagonal: the compiler cannot tell the smaller of the sizes `{Self}` and `{N}`",
    label = "the last two axes are `{Self}` and `{N}`",
    note = "it compares literal sizes from 0 to 1024 and powers of two, and run-time ones; `.diagonal_at(0)` gives an axis known at run time"
)]
pub trait DiagonalWith<N: Extent, Out: Extent>: Extent {}

#[diagnostic::do_not_recommend]
impl<M: MinDim<N, Out = Out>, N: Extent, Out: Extent> DiagonalWith<N, Out> for M {}

/// A shape whose last axis becomes the diagonal of matrices: `x.diag_embed()`. `Out` has it twice.
#[diagnostic::on_unimplemented(
    message = "diag_embed: the last axis of `{Self}` does not become two",
    label = "`{Self}` has no axis, or six already",
    note = "a tensor has six axes at most; `.flatten::<A, Z>()` merges some"
)]
pub trait DiagEmbed<Out: Shape>: Shape {}

/// A shape whose last axis becomes a diagonal beside the main one: `x.diag_embed_at(k)`. `Out` has
/// `Dyn` twice in its place.
#[diagnostic::on_unimplemented(
    message = "diag_embed_at: the last axis of `{Self}` does not become two",
    label = "`{Self}` has no axis, or six already",
    note = "a tensor has six axes at most; `.flatten::<A, Z>()` merges some"
)]
pub trait DiagEmbedAt<Out: Shape>: Shape {}

macro_rules! diag_embed {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* N: Extent> DiagEmbed<($($axis,)* N, N)> for ($($axis,)* N,) {}

        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* N: Extent> DiagEmbedAt<($($axis,)* Dyn, Dyn)> for ($($axis,)* N,) {}
    };
}

diag_embed!();
diag_embed!(A);
diag_embed!(A B);
diag_embed!(A B C);
diag_embed!(A B C F);
