//! Axes by number, from the front (0, 1, ..) or from the back (-1, -2, ..).

use super::{Extent, One, Shape};

/// The number of an axis as a type: an element of the list that [`axes!`](crate::axes) writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Axis<const I: isize>;

/// A shape that has an axis `I`, counted from the end where negative.
#[diagnostic::on_unimplemented(
    message = "axis {I} does not exist in the shape `{Self}`",
    note = "the axes of a shape of rank r are 0 to r - 1, or -r to -1 from the end"
)]
pub trait HasAxis<const I: isize>: Shape {
    /// The axis counted from the front.
    const INDEX: usize;
    /// The axis counted from the front, as a type: [`Axis`]`<INDEX>`.
    type FromFront;
    /// The extent of the axis.
    type Extent: Extent;
    /// The shape without the axis.
    type Removed: Shape;
    /// The shape with [`One`] in place of the axis.
    type Kept: Shape;
    /// The shape with `X` in place of the axis.
    type Replaced<X: Extent>: Shape;
}

/// An axis that no one asks for: two of them, or the compiler would propose the one.
pub trait OfNoShape {}

impl OfNoShape for Axis<{ isize::MIN }> {}

impl OfNoShape for Axis<{ isize::MAX }> {}

macro_rules! axis {
    ($index:literal $from_end:literal [$($before:ident)*] [$($after:ident)*]) => {
        axis!(@impl $index $index [$($before)*] [$($after)*]);
        axis!(@impl $from_end $index [$($before)*] [$($after)*]);
    };
    (@impl $axis:literal $index:literal [$($before:ident)*] [$($after:ident)*]) => {
        #[diagnostic::do_not_recommend]
        impl<$($before: Extent,)* X: Extent, $($after: Extent),*> HasAxis<$axis>
            for ($($before,)* X, $($after,)*)
        {
            const INDEX: usize = $index;
            type FromFront = Axis<$index>;
            type Extent = X;
            type Removed = ($($before,)* $($after,)*);
            type Kept = ($($before,)* One, $($after,)*);
            type Replaced<R: Extent> = ($($before,)* R, $($after,)*);
        }
    };
}

// A scalar has no axis. Without any impl the compiler would report its methods as missing, not
// the axis.
#[diagnostic::do_not_recommend]
impl<const I: isize> HasAxis<I> for ()
where
    Axis<I>: OfNoShape,
{
    const INDEX: usize = panic!("a scalar has no axis");
    type FromFront = Axis<I>;
    type Extent = One;
    type Removed = ();
    type Kept = ();
    type Replaced<X: Extent> = ();
}

axis!(0 -1 [] []);

axis!(0 -2 [] [B]);
axis!(1 -1 [A] []);

axis!(0 -3 [] [B C]);
axis!(1 - 2[A][C]);
axis!(2 -1 [A B] []);

axis!(0 -4 [] [B C F]);
axis!(1 -3 [A] [C F]);
axis!(2 -2 [A B] [F]);
axis!(3 -1 [A B C] []);

axis!(0 -5 [] [B C F G]);
axis!(1 -4 [A] [C F G]);
axis!(2 -3 [A B] [F G]);
axis!(3 -2 [A B C] [G]);
axis!(4 -1 [A B C F] []);

axis!(0 -6 [] [B C F G H]);
axis!(1 -5 [A] [C F G H]);
axis!(2 -4 [A B] [F G H]);
axis!(3 -3 [A B C] [G H]);
axis!(4 -2 [A B C F] [H]);
axis!(5 -1 [A B C F G] []);
