//! Tensors put together along an axis.

use super::{AddDim, D, Dim, Extent, HasAxis, Insert, Shape};

/// Two shapes that join along axis `A`, where their sizes add; every other axis is the same.
#[diagnostic::on_unimplemented(
    message = "concat: `{Self}` and `{R}` do not join along axis {A}",
    label = "every axis but {A} must be the same"
)]
pub trait Concat<R: Shape, const A: isize>: HasAxis<A> {
    /// The shape of the result.
    type Out: Shape;
}

impl<S, R, const A: isize> Concat<R, A> for S
where
    S: HasAxis<A>,
    R: HasAxis<A>,
    R: OtherAxes<S, A, <S as HasAxis<A>>::Replaced<<R as HasAxis<A>>::Extent>>,
    <S as HasAxis<A>>::Extent: Joined<A>,
    <R as HasAxis<A>>::Extent: Joined<A>,
    Part<S, A>: AddDim<Part<R, A>>,
{
    type Out = <S as HasAxis<A>>::Replaced<<Part<S, A> as AddDim<Part<R, A>>>::Out>;
}

type Part<S, const A: isize> = <<S as HasAxis<A>>::Extent as Joined<A>>::This;

/// An extent that another can be added to.
#[diagnostic::on_unimplemented(
    message = "concat: axis {A} of an operand is `{Self}`, which broadcasts and has no size to add",
    label = "axis {A} is `{Self}` here",
    note = "`.reshape::<s![..]>()` makes of it an axis of size 1"
)]
pub trait Joined<const A: isize>: Extent {
    /// `Self`. The sizes are added through this, so that `One` is reported once.
    type This: Dim;
}

#[diagnostic::do_not_recommend]
impl<X: Dim, const A: isize> Joined<A> for X {
    type This = X;
}

/// A shape that is `S` in every axis but `A`: `S` with its axis `A` is `Replaced`.
///
/// `Self` is the right operand, or inference would make it fit before this is asked.
#[diagnostic::on_unimplemented(
    message = "concat: `{S}` and `{Self}` differ in another axis than {A}",
    label = "every axis but {A} must be the same",
    note = "`Tensor::stack` joins along a new axis; `.reshape::<s![..]>()` gives an operand more axes"
)]
pub trait OtherAxes<S, const A: isize, Replaced> {}

#[diagnostic::do_not_recommend]
impl<S: Shape, R: Shape, const A: isize> OtherAxes<S, A, R> for R {}

/// A shape of which `N` tensors stack along a new axis `A`.
#[diagnostic::on_unimplemented(
    message = "stack: `{Self}` does not take an axis in at {A}",
    note = "a shape of rank r takes one in at 0 to r, or -r - 1 to -1 from the end; six axes is the most"
)]
pub trait Stack<const A: isize, const N: usize>: Insert<A> {
    /// The shape of the result.
    type Out: Shape;
}

impl<S: Insert<A>, const A: isize, const N: usize> Stack<A, N> for S {
    type Out = S::Inserted<D<N>>;
}
