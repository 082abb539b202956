//! Broadcasting: axes align from the right, and a `One` meets any size.

use super::{Dim, Extent, One, Shape};

/// Two extents that may stand in the same axis: equal ones, or one of them [`One`].
#[diagnostic::on_unimplemented(
    message = "axes of size `{Self}` and `{R}` do not broadcast",
    label = "shapes align from the right; the axes of each pair must be equal, or one of them `One`",
    note = "an axis broadcasts if its extent is `One`: `.unsqueeze::<A>()` inserts one, `s![..]` writes it `*`"
)]
pub trait BroadcastExtent<R: Extent>: Extent {
    /// The extent of the result.
    type Out: Extent;
}

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

/// A shape that broadcasts to exactly `S2`: `x.expand::<S2>()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not expand to `{S2}`",
    note = "only `One` axes and missing leading axes expand; every other axis keeps its size"
)]
pub trait ExpandTo<S2: Shape>: Shape {}

#[diagnostic::do_not_recommend]
impl<S: Broadcast<S2, Out = S2>, S2: Shape> ExpandTo<S2> for S {}

macro_rules! same_rank {
    ($(($a:ident $b:ident))*) => {
        impl<$($a: BroadcastExtent<$b>, $b: Extent),*> Broadcast<($($b,)*)> for ($($a,)*) {
            type Out = ($($a::Out,)*);
        }
    };
}

macro_rules! one_longer {
    ([$(($a:ident $b:ident))*] $($x:ident)+) => {
        impl<$($x: Extent,)+ $($a: BroadcastExtent<$b>, $b: Extent),*> Broadcast<($($b,)*)>
            for ($($x,)+ $($a,)*)
        {
            type Out = ($($x,)+ $($a::Out,)*);
        }

        impl<$($x: Extent,)+ $($a: BroadcastExtent<$b>, $b: Extent),*>
            Broadcast<($($x,)+ $($b,)*)> for ($($a,)*)
        {
            type Out = ($($x,)+ $($a::Out,)*);
        }
    };
}

/// The pairs of axes that meet, then the axes that only the longer shape has, at most.
macro_rules! broadcast {
    ([$($pair:tt)*]) => { same_rank!($($pair)*); };
    ($pairs:tt $first:ident $($rest:ident)*) => {
        one_longer!($pairs $first $($rest)*);
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
