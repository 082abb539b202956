//! Several axes at once: `axes![0, -1]`.

use super::{Axis, Dim, Extent, HasAxis, One, Shape};

/// A shape that has every axis of the list `L`, a tuple of [`Axis`] written
/// [`axes![0, -1]`](crate::axes), each named once.
#[diagnostic::on_unimplemented(
    message = "the shape `{Self}` does not have the axes `{L}`",
    note = "the axes are a tuple of one to six, each named once: `axes![0, -1]`"
)]
pub trait HasAxes<L>: Shape {
    /// The axes counted from the front, in the order of the list.
    const INDICES: &'static [usize];
    /// The shape without the axes.
    type Removed: Shape;
    /// The shape with [`One`] in place of each of the axes.
    type Kept: Shape;
}

/// The extent of an axis that the list has named already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Named;

impl Extent for Named {
    const STATIC: Option<usize> = None;

    fn size(self) -> usize {
        0
    }

    fn from_size(_: usize) -> Option<Self> {
        None
    }
}

/// An extent that the list has not named yet.
#[diagnostic::on_unimplemented(
    message = "axis {I} is named twice",
    label = "an axis may be named once only",
    note = "-1 is the last axis, and the same one as the rank less 1"
)]
pub trait NotNamed<const I: isize> {}

#[diagnostic::do_not_recommend]
impl<X: Dim, const I: isize> NotNamed<I> for X {}

#[diagnostic::do_not_recommend]
impl<const I: isize> NotNamed<I> for One {}

/// A shape with [`Named`] in place of each axis of the list `L`.
pub trait Name<L>: Shape {
    type Named: Shape;
    type Kept: Shape;
}

impl<S: Shape> Name<()> for S {
    type Named = S;
    type Kept = S;
}

/// The axes in front of those that the rest `T` of a shape keeps.
pub trait Keep<T: Shape>: Extent {
    type Out: Shape;
}

impl<T: Shape> Keep<T> for Named {
    type Out = T;
}

impl<T: Prepend<One>> Keep<T> for One {
    type Out = T::Out;
}

impl<X: Dim, T: Prepend<X>> Keep<T> for X {
    type Out = T::Out;
}

/// A shape with another axis in front.
pub trait Prepend<X: Extent>: Shape {
    type Out: Shape;
}

macro_rules! prepend {
    ($($axis:ident)*) => {
        impl<X: Extent, $($axis: Extent),*> Prepend<X> for ($($axis,)*) {
            type Out = (X, $($axis,)*);
        }
    };
}

prepend!();
prepend!(A);
prepend!(A B);
prepend!(A B C);
prepend!(A B C F);
prepend!(A B C F G);

/// A shape without its [`Named`] axes.
pub trait Compact: Shape {
    type Out: Shape;
}

impl Compact for () {
    type Out = ();
}

macro_rules! compact {
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest: Extent),*> Compact for ($first, $($rest,)*)
        where
            ($($rest,)*): Compact,
            $first: Keep<<($($rest,)*) as Compact>::Out>,
        {
            type Out = $first::Out;
        }
    };
}

compact!(A);
compact!(A B);
compact!(A B C);
compact!(A B C F);
compact!(A B C F G);
compact!(A B C F G H);

macro_rules! axes {
    ($first:ident $($rest:ident)*) => {
        impl<S, const $first: isize, $(const $rest: isize),*> Name<(Axis<$first>, $(Axis<$rest>,)*)>
            for S
        where
            S: HasAxis<$first>,
            <S as HasAxis<$first>>::Extent: NotNamed<$first>,
            S::Replaced<Named>: Name<($(Axis<$rest>,)*)>,
            S::Replaced<One>: Name<($(Axis<$rest>,)*)>,
        {
            type Named = <S::Replaced<Named> as Name<($(Axis<$rest>,)*)>>::Named;
            type Kept = <S::Replaced<One> as Name<($(Axis<$rest>,)*)>>::Kept;
        }

        impl<S, const $first: isize, $(const $rest: isize),*>
            HasAxes<(Axis<$first>, $(Axis<$rest>,)*)> for S
        where
            S: HasAxis<$first> $(+ HasAxis<$rest>)*,
            S: Name<(Axis<$first>, $(Axis<$rest>,)*)>,
            <S as Name<(Axis<$first>, $(Axis<$rest>,)*)>>::Named: Compact,
        {
            const INDICES: &'static [usize] =
                &[<S as HasAxis<$first>>::INDEX, $(<S as HasAxis<$rest>>::INDEX),*];
            type Removed = <<S as Name<(Axis<$first>, $(Axis<$rest>,)*)>>::Named as Compact>::Out;
            type Kept = <S as Name<(Axis<$first>, $(Axis<$rest>,)*)>>::Kept;
        }
    };
}

axes!(I);
axes!(I J);
axes!(I J K);
axes!(I J K L);
axes!(I J K L M);
axes!(I J K L M N);
