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
    /// The list with every axis counted from the front.
    type FromFront;
    /// The shape without the axes.
    type Removed: Shape;
    /// The shape with [`One`] in place of each of the axes.
    type Kept: Shape;
}

/// The extent of an axis that the list has named already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AlreadyNamed;

impl Extent for AlreadyNamed {
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
    label = "axis {I}, counted from the front, stands twice in this list",
    note = "-1 is the last axis, and the same one as the rank less 1"
)]
pub trait NotNamed<const I: isize> {}

#[diagnostic::do_not_recommend]
impl<X: Dim, const I: isize> NotNamed<I> for X {}

#[diagnostic::do_not_recommend]
impl<const I: isize> NotNamed<I> for One {}

/// A shape with [`AlreadyNamed`] in place of each axis of the list `L`.
pub trait Name<L>: Shape {
    /// The shape with the axes marked.
    type Named: Shape;
}

impl<S: Shape> Name<()> for S {
    type Named = S;
}

/// An axis that goes if it is [`AlreadyNamed`].
pub trait OrOne: Extent {
    /// [`One`] where the axis is named.
    type Kept: Extent;
}

impl OrOne for AlreadyNamed {
    type Kept = One;
}

impl OrOne for One {
    type Kept = One;
}

impl<X: Dim> OrOne for X {
    type Kept = X;
}

/// The axis in front of the axes `T` that the rest of a shape leaves.
pub trait Leave<T: Shape>: OrOne {
    /// The shape with what is left of the axis in front.
    type Out: Shape;
}

impl<T: Shape> Leave<T> for AlreadyNamed {
    type Out = T;
}

impl<T: Prepend<One>> Leave<T> for One {
    type Out = T::Out;
}

impl<X: Dim, T: Prepend<X>> Leave<T> for X {
    type Out = T::Out;
}

/// A shape with another axis in front.
pub trait Prepend<X: Extent>: Shape {
    /// The longer shape.
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

/// A shape without its [`AlreadyNamed`] axes.
pub trait Compact: Shape {
    /// The shape that is left.
    type Out: Shape;
    /// The shape with [`One`] in their place.
    type Kept: Shape;
}

impl Compact for () {
    type Out = ();
    type Kept = ();
}

macro_rules! compact {
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest: OrOne),*> Compact for ($first, $($rest,)*)
        where
            ($($rest,)*): Compact,
            $first: Leave<<($($rest,)*) as Compact>::Out>,
        {
            type Out = $first::Out;
            type Kept = (<$first as OrOne>::Kept, $($rest::Kept,)*);
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
        impl<S, const $first: isize, $(const $rest: isize),*>
            Name<(Axis<$first>, $(Axis<$rest>,)*)> for S
        where
            S: HasAxis<$first>,
            <S as HasAxis<$first>>::Extent: NotNamed<$first>,
            S::Replaced<AlreadyNamed>: Name<($(Axis<$rest>,)*)>,
        {
            type Named = <S::Replaced<AlreadyNamed> as Name<($(Axis<$rest>,)*)>>::Named;
        }

        // The list goes on through `FromFront`: where an axis does not exist, neither does that
        // type, and the compiler reports the missing axis alone.
        impl<S, const $first: isize, $(const $rest: isize),*>
            HasAxes<(Axis<$first>, $(Axis<$rest>,)*)> for S
        where
            S: HasAxis<$first> $(+ HasAxis<$rest>)*,
            S: Name<FromFront!(S $first $($rest)*)>,
            <S as Name<FromFront!(S $first $($rest)*)>>::Named: Compact,
        {
            const INDICES: &'static [usize] =
                &[<S as HasAxis<$first>>::INDEX, $(<S as HasAxis<$rest>>::INDEX),*];
            type FromFront = FromFront!(S $first $($rest)*);
            type Removed =
                <<S as Name<FromFront!(S $first $($rest)*)>>::Named as Compact>::Out;
            type Kept =
                <<S as Name<FromFront!(S $first $($rest)*)>>::Named as Compact>::Kept;
        }
    };
}

macro_rules! FromFront {
    ($shape:ident $($axis:ident)*) => { ($(<$shape as HasAxis<$axis>>::FromFront,)*) };
}

axes!(I);
axes!(I J);
axes!(I J K);
axes!(I J K L);
axes!(I J K L M);
axes!(I J K L M N);
