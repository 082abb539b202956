//! The axes of a shape in another order.

use super::{Axis, Extent, HasAxes, HasAxis, Shape};

/// A shape whose axes can be put in the order `L`, a tuple that names each [`Axis`] once.
#[diagnostic::on_unimplemented(
    message = "`{L}` does not put the axes of `{Self}` in order",
    label = "an order names every axis once",
    note = "for a matrix the orders are `axes![0, 1]` and `axes![1, 0]`; -1 is the last axis"
)]
pub trait Permute<L>: Shape {
    /// For each axis of the result, the axis of `Self` that it was.
    const ORDER: &'static [usize];
    /// The shape in the new order.
    type Out: Shape;
}

impl<S: HasAxes<L>, L> Permute<L> for S
where
    S: Reorder<S::FromFront>,
{
    const ORDER: &'static [usize] = S::INDICES;
    type Out = <S as Reorder<S::FromFront>>::Out;
}

/// [`Permute`] by rank.
#[diagnostic::on_unimplemented(
    message = "`{L}` does not name every axis of `{Self}`",
    label = "an order names every axis once",
    note = "for a matrix the orders are `axes![0, 1]` and `axes![1, 0]`; -1 is the last axis"
)]
pub trait Reorder<L>: Shape {
    /// The shape in the new order.
    type Out: Shape;
}

macro_rules! reorder {
    ($($axis:ident $i:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* $(const $i: isize),*> Reorder<($(Axis<$i>,)*)> for ($($axis,)*)
        where
            Self: $(HasAxis<$i> +)*,
        {
            type Out = ($(<Self as HasAxis<$i>>::Extent,)*);
        }
    };
}

reorder!(A I);
reorder!(A I B J);
reorder!(A I B J C K);
reorder!(A I B J C K F L);
reorder!(A I B J C K F L G M);
reorder!(A I B J C K F L G M H N);

/// A shape whose axes `A` and `B` can change places.
#[diagnostic::on_unimplemented(
    message = "axes {A} and {B} of `{Self}` cannot change places",
    note = "the axes of a shape of rank r are 0 to r - 1, or -r to -1 from the end"
)]
pub trait SwapAxes<const A: isize, const B: isize>: HasAxis<A> + HasAxis<B> {
    /// The shape with the two axes in each other's place.
    type Out: Shape;
}

impl<S, const A: isize, const B: isize> SwapAxes<A, B> for S
where
    S: HasAxis<A> + HasAxis<B>,
    S: Swap<<S as HasAxis<A>>::FromFront, <S as HasAxis<B>>::FromFront>,
{
    type Out = <S as Swap<<S as HasAxis<A>>::FromFront, <S as HasAxis<B>>::FromFront>>::Out;
}

/// [`SwapAxes`] with the axes as types, so that a missing axis is reported once.
pub trait Swap<A, B>: Shape {
    /// The shape with the two axes in each other's place.
    type Out: Shape;
}

impl<S, const A: isize, const B: isize> Swap<Axis<A>, Axis<B>> for S
where
    S: HasAxis<A> + HasAxis<B>,
    <S as HasAxis<A>>::Replaced<<S as HasAxis<B>>::Extent>: HasAxis<B>,
{
    type Out = <<S as HasAxis<A>>::Replaced<<S as HasAxis<B>>::Extent> as HasAxis<B>>::Replaced<
        <S as HasAxis<A>>::Extent,
    >;
}

/// A matrix or a batch of matrices: `x.t()` swaps the last two axes and gives `Out`.
///
/// `Out` follows from `Self`. It is a parameter so that a failure is reported as ours.
#[diagnostic::on_unimplemented(
    message = "`.t()` swaps the last two axes, and `{Self}` has fewer",
    label = "`{Self}` is not a matrix or a batch of matrices",
    note = "`.unsqueeze::<A>()` makes a matrix of a vector"
)]
pub trait TransposeLast<Out: Shape>: Shape {}

macro_rules! transpose_last {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* M: Extent, N: Extent> TransposeLast<($($axis,)* N, M)>
            for ($($axis,)* M, N)
        {
        }
    };
}

transpose_last!();
transpose_last!(A);
transpose_last!(A B);
transpose_last!(A B C);
transpose_last!(A B C F);
