//! Shapes of indices along an axis.

use super::{HasAxis, Shape};

/// The shape of indices along axis `A` of `S`: of any size along that axis, and `S` in every other.
#[diagnostic::on_unimplemented(
    message = "an index of shape `{Self}` does not go along axis {A} of `{S}`",
    label = "every axis but {A} must be the same"
)]
pub trait Along<S: Shape, const A: isize>: Shape {
    /// The axis counted from the front.
    const INDEX: usize;
}

impl<S, R, const A: isize> Along<S, A> for R
where
    S: HasAxis<A>,
    R: HasAxis<A>,
    R: SameBut<S, A, <S as HasAxis<A>>::Replaced<<R as HasAxis<A>>::Extent>>,
{
    const INDEX: usize = <S as HasAxis<A>>::INDEX;
}

/// A shape that is `S` in every axis but `A`: `S` with its axis `A` is `Replaced`.
#[diagnostic::on_unimplemented(
    message = "an index of shape `{Self}` does not go along axis {A} of `{S}`",
    label = "every axis but {A} must be the same",
    note = "`.index_select::<A, _>(&index)` takes one index for all rows, a vector; `.expand::<s![..]>()` repeats an index"
)]
pub trait SameBut<S, const A: isize, Replaced> {}

#[diagnostic::do_not_recommend]
impl<S: Shape, R: Shape, const A: isize> SameBut<S, A, R> for R {}
