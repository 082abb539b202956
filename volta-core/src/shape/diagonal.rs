//! Matrices and their diagonals.

use super::{Extent, HasAxis, Insert, MinDim, Shape};

/// A matrix or a batch of matrices.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a matrix or a batch of matrices",
    label = "`{Self}` has fewer than two axes",
    note = "`.unsqueeze::<A>()` makes a matrix of a vector; `.diag_embed()` puts one on a diagonal"
)]
pub trait Matrices: Shape {
    /// The number of rows, the axis before the last.
    type Rows: Extent;
    /// The number of columns, the last axis.
    type Columns: Extent;
    /// The shape without the last two axes.
    type Leading: Shape;
    /// The shape with `X` in place of the last two axes.
    type Vectors<X: Extent>: Shape;
}

macro_rules! matrices {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* M: Extent, N: Extent> Matrices for ($($axis,)* M, N) {
            type Rows = M;
            type Columns = N;
            type Leading = ($($axis,)*);
            type Vectors<X: Extent> = ($($axis,)* X,);
        }
    };
}

matrices!();
matrices!(A);
matrices!(A B);
matrices!(A B C);
matrices!(A B C F);

/// Matrices whose diagonals have a size that is known: `x.diagonal()`.
#[diagnostic::on_unimplemented(message = "diagonal: the matrices of `{Self}` have no diagonal")]
pub trait Diagonal: Matrices {
    /// The shape with the smaller of the last two sizes in their place.
    type Out: Shape;
}

impl<S: Matrices> Diagonal for S
where
    S::Rows: DiagonalWith<S::Columns>,
{
    type Out = S::Vectors<<S::Rows as DiagonalWith<S::Columns>>::Out>;
}

/// A number of rows of which the smaller with a number of columns is known.
#[diagnostic::on_unimplemented(
    message = "diagonal: the compiler cannot tell the smaller of the sizes `{Self}` and `{N}`",
    label = "the last two axes are `{Self}` and `{N}`",
    note = "it compares literal sizes from 0 to 1024 and powers of two, and run-time ones; `.diagonal_at(0)` gives an axis known at run time"
)]
pub trait DiagonalWith<N: Extent>: Extent {
    /// The smaller size.
    type Out: Extent;
}

#[diagnostic::do_not_recommend]
impl<M: MinDim<N>, N: Extent> DiagonalWith<N> for M {
    type Out = M::Out;
}

/// A shape whose last axis becomes the diagonal of matrices: `x.diag_embed()`.
#[diagnostic::on_unimplemented(message = "diag_embed: `{Self}` has no axis for a diagonal")]
pub trait DiagEmbed: HasAxis<-1> {
    /// The shape with the last axis twice.
    type Out: Shape;
}

impl<S: HasAxis<-1> + Insert<-1>> DiagEmbed for S {
    type Out = <S as Insert<-1>>::Inserted<<S as HasAxis<-1>>::Extent>;
}
