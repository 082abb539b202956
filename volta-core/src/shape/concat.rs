//! Tensors put together along an axis.

use super::{AddDim, D, HasAxis, Insert, Shape};

/// A shape whose tensors follow those of `S` along axis `A`, where the sizes add; every other axis
/// is the same.
///
/// `Self` is the right operand: until it is known, the compiler reports nothing.
#[diagnostic::on_unimplemented(
    message = "concat: `{S}` and `{Self}` do not join along axis {A}",
    label = "every axis but {A} must be the same"
)]
pub trait AppendTo<S: Shape, const A: isize>: HasAxis<A> {
    /// The shape of the result.
    type Out: Shape;
}

impl<S, R, const A: isize> AppendTo<S, A> for R
where
    S: HasAxis<A>,
    R: HasAxis<A>,
    R: OtherAxes<S, A, <S as HasAxis<A>>::Replaced<<R as HasAxis<A>>::Extent>>,
    <S as HasAxis<A>>::Extent: AddDim<<R as HasAxis<A>>::Extent>,
{
    type Out = <S as HasAxis<A>>::Replaced<
        <<S as HasAxis<A>>::Extent as AddDim<<R as HasAxis<A>>::Extent>>::Out,
    >;
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
