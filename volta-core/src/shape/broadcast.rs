//! Broadcasting: axes align from the right, and a `One` meets any size.

use super::{Dim, Extent, One, Shape};

/// Two extents that may stand in the same axis: equal ones, or one of them [`One`].
#[diagnostic::on_unimplemented(
    message = "axes of size `{Self}` and `{R}` do not broadcast",
    label = "shapes align from the right, and these two axes meet",
    note = "an axis meets one of its own size, and `*` meets any: `.unsqueeze::<A>()` inserts one",
    note = "a literal size becomes a run-time one by `.loosen::<s![..]>()`, and back by `.try_fix()`"
)]
pub trait BroadcastExtent<R: Extent>: Extent {
    /// The extent of the result.
    type Out: Extent;
}

#[diagnostic::do_not_recommend]
impl<X: Dim> BroadcastExtent<X> for X {
    type Out = X;
}

#[diagnostic::do_not_recommend]
impl<X: Dim> BroadcastExtent<One> for X {
    type Out = X;
}

#[diagnostic::do_not_recommend]
impl<X: Dim> BroadcastExtent<X> for One {
    type Out = X;
}

#[diagnostic::do_not_recommend]
impl BroadcastExtent<One> for One {
    type Out = One;
}

/// Two shapes that broadcast together, aligned from the right.
#[diagnostic::on_unimplemented(
    message = "the shapes `{Self}` and `{R}` do not broadcast together",
    note = "shapes align from the right; the axes of each pair must be equal, or one of them `One`"
)]
pub trait Broadcast<R: Shape>: Shape {
    /// The shape of the result.
    type Out: Shape;
}

impl<S, R> Broadcast<R> for S
where
    S: Aligned<R> + AxesMeet<R>,
    R: Shape,
{
    type Out = <S as Aligned<R>>::Out;
}

/// The result of [`Broadcast`], if it is right: it never fails, so that the compiler reports
/// [`AxesMeet`] alone.
pub trait Aligned<R: Shape>: Shape {
    /// The shape of the result.
    type Out: Shape;
}

/// The check of [`Broadcast`].
pub trait AxesMeet<R: Shape>: Shape {}

/// The extent that is not [`One`]: the left one where neither is.
pub trait Wider<R: Extent>: Extent {
    /// The extent of the result.
    type Out: Extent;
}

impl<X: Dim, R: Extent> Wider<R> for X {
    type Out = X;
}

impl<R: Extent> Wider<R> for One {
    type Out = R;
}

/// A shape that broadcasts to exactly `S2`: `x.expand::<S2>()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not expand to `{S2}`",
    note = "only `One` axes and missing leading axes expand; every other axis keeps its size"
)]
pub trait ExpandTo<S2: Shape>: Shape {}

#[diagnostic::do_not_recommend]
impl<S, S2> ExpandTo<S2> for S
where
    S: Broadcast<S2>,
    S2: Shape,
    <S as Broadcast<S2>>::Out: Equals<S2>,
{
}

/// Implemented by `S2` alone. An equation `Out = S2` would be reported as such.
pub trait Equals<S2> {}

#[diagnostic::do_not_recommend]
impl<S2> Equals<S2> for S2 {}

macro_rules! align {
    ([$($left:ident)*] [$(($a:ident $b:ident))*] [$($right:ident)*]) => {
        impl<$($left: Extent,)* $($right: Extent,)* $($a: Wider<$b>, $b: Extent),*>
            Aligned<($($right,)* $($b,)*)> for ($($left,)* $($a,)*)
        {
            type Out = ($($left,)* $($right,)* $($a::Out,)*);
        }

        impl<$($left: Extent,)* $($right: Extent,)* $($a: BroadcastExtent<$b>, $b: Extent),*>
            AxesMeet<($($right,)* $($b,)*)> for ($($left,)* $($a,)*)
        {
        }
    };
}

/// The pairs of axes that meet, then the axes that only the longer shape has, at most.
macro_rules! broadcast {
    ($pairs:tt) => { align!([] $pairs []); };
    ($pairs:tt $first:ident $($rest:ident)*) => {
        align!([$first $($rest)*] $pairs []);
        align!([] $pairs [$first $($rest)*]);
        broadcast!($pairs $($rest)*);
    };
}

broadcast!([] U V W X Y Z);
broadcast!([(A A2)] V W X Y Z);
broadcast!([(A A2)(B B2)] W X Y Z);
broadcast!([(A A2)(B B2)(C C2)] X Y Z);
broadcast!([(A A2)(B B2)(C C2)(F F2)] Y Z);
broadcast!([(A A2)(B B2)(C C2)(F F2)(G G2)] Z);
broadcast!([(A A2)(B B2)(C C2)(F F2)(G G2)(H H2)]);
