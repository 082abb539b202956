//! From shapes that the types fix to shapes known at run time.

use super::{D, Dyn, Extent, RuntimeDim, Shape};

/// An extent that can be forgotten to be `X`: the same one; any run-time one for a literal size;
/// `Dyn` for a named one.
#[diagnostic::on_unimplemented(
    message = "an axis of `{Self}` does not become one of `{X}`",
    label = "a literal size loosens to a run-time one; nothing else changes",
    note = "to go the other way, and check the size at run time, use `.try_fix::<s![..]>()`"
)]
pub trait LoosenExtent<X: Extent>: Extent {}

impl<X: Extent> LoosenExtent<X> for X {}

#[diagnostic::do_not_recommend]
impl<const N: usize, X: RuntimeDim> LoosenExtent<X> for D<N> {}

/// A name that `dims!` declares.
pub trait NamedDim: RuntimeDim {}

#[diagnostic::do_not_recommend]
impl<X: NamedDim> LoosenExtent<Dyn> for X {}

/// A shape whose sizes can be forgotten so that it is `S2`: `x.loosen::<s![Batch, 784]>()`.
#[diagnostic::on_unimplemented(
    message = "the shape `{Self}` does not loosen to `{S2}`",
    label = "the ranks must be equal, and each axis the same or a literal size made a run-time one",
    note = "to go the other way, and check the sizes at run time, use `.try_fix::<s![..]>()`"
)]
pub trait LoosenTo<S2: Shape>: Shape {}

impl<S, S2> LoosenTo<S2> for S
where
    S: SameRank<S2>,
    S2: Shape,
    S::This: LoosenAxes<S2>,
{
}

/// A shape with as many axes as `S2`.
#[diagnostic::on_unimplemented(
    message = "the shape `{Self}` does not loosen to `{S2}`",
    label = "the ranks of `{Self}` and `{S2}` differ"
)]
pub trait SameRank<S2>: Shape {
    /// `Self`. The axes are compared through this, so that unequal ranks are reported once.
    type This: Shape;
}

/// [`LoosenTo`] by rank. It is a trait of its own so that the compiler does not list its
/// implementations to the user.
pub trait LoosenAxes<S2: Shape>: Shape {}

macro_rules! loosen {
    ($($a:ident $b:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($a: Extent, $b: Extent),*> SameRank<($($b,)*)> for ($($a,)*) {
            type This = Self;
        }

        impl<$($a: LoosenExtent<$b>, $b: Extent),*> LoosenAxes<($($b,)*)> for ($($a,)*) {}
    };
}

loosen!();
loosen!(A A2);
loosen!(A A2 B B2);
loosen!(A A2 B B2 C C2);
loosen!(A A2 B B2 C C2 F F2);
loosen!(A A2 B B2 C C2 F F2 G G2);
loosen!(A A2 B B2 C C2 F F2 G G2 H H2);
