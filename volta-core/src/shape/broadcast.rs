//! Broadcasting: axes align from the right, and a `One` meets any size.

use super::{D, Dim, Extent, One, RuntimeDim, Shape};

/// Two extents that may stand in the same axis: equal ones, or one of them [`One`].
#[diagnostic::on_unimplemented(
    message = "axes of size `{Self}` and `{R}` do not broadcast",
    label = "shapes align from the right, and these two axes meet",
    note = "axes of one size meet, and an axis written `*` meets any: `.unsqueeze::<A>()` inserts one"
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

/// A literal size and a run-time one that meet: never. The impls that ask for it are there for
/// its message.
#[diagnostic::on_unimplemented(
    message = "the sizes `{Self}` and `{R}` do not meet: one is known at run time only",
    label = "`{Self}` here meets `{R}`",
    note = "`.loosen::<s![..]>()` makes a literal size a run-time one; `.try_fix::<s![..]>()` checks a run-time size and fixes it"
)]
pub trait MeetsAtRunTime<R: Extent>: Extent {}

impl<const N: usize, X: RuntimeDim> BroadcastExtent<X> for D<N>
where
    D<N>: MeetsAtRunTime<X>,
{
    type Out = X;
}

impl<const N: usize, X: RuntimeDim> BroadcastExtent<D<N>> for X
where
    X: MeetsAtRunTime<D<N>>,
{
    type Out = X;
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
