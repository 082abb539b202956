//! From shapes that the types fix to shapes known at run time.

use super::{D, Dyn, Extent, RuntimeDim, Shape};

/// A name that `dims!` declares.
pub trait NamedDim: RuntimeDim {}

/// A shape whose sizes can be forgotten so that it is `S2`: `x.loosen::<s![Batch, 784]>()`.
#[diagnostic::on_unimplemented(
    message = "the shape `{Self}` does not loosen to `{S2}`",
    label = "the ranks must be equal, and each axis the same or a literal size made a run-time one",
    note = "to go the other way, and check the sizes at run time, use `.try_fix::<s![..]>()`"
)]
pub trait LoosenTo<S2: Shape>: Shape {}

impl<S, S2> LoosenTo<S2> for S
where
    S: Shape,
    S2: RankOf<S>,
    S2::This: Loosened<S>,
{
}

/// A shape with as many axes as `S`.
///
/// Here and below `Self` is the result, or inference would settle on what `S` allows before it
/// looks at what is asked for.
#[diagnostic::on_unimplemented(
    message = "loosen: the ranks of `{S}` and `{Self}` differ",
    label = "loosening keeps the number of axes",
    note = "`.reshape_with(..)` changes it"
)]
pub trait RankOf<S>: Shape {
    /// `Self`. The axes are compared through this, so that unequal ranks are reported once.
    type This: Shape;
}

/// [`LoosenTo`] by rank. It is a trait of its own so that the compiler does not list its
/// implementations to the user.
pub trait Loosened<S: Shape>: Shape {}

/// An extent that `X` can be forgotten to be: the same one; any run-time one for a literal size;
/// `Dyn` for a named one.
#[diagnostic::on_unimplemented(
    message = "loosen: an axis of `{X}` does not become one of `{Self}`",
    label = "a literal size loosens to a run-time one; nothing else changes",
    note = "to go the other way, and check the size at run time, use `.try_fix::<s![..]>()`"
)]
pub trait LoosenedExtent<X: Extent>: Extent {}

#[diagnostic::do_not_recommend]
impl<X: Extent> LoosenedExtent<X> for X {}

#[diagnostic::do_not_recommend]
impl<const N: usize, X: RuntimeDim> LoosenedExtent<D<N>> for X {}

#[diagnostic::do_not_recommend]
impl<X: NamedDim> LoosenedExtent<X> for Dyn {}

macro_rules! loosen {
    ($($a:ident $b:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($a: Extent, $b: Extent),*> RankOf<($($b,)*)> for ($($a,)*) {
            type This = Self;
        }

        impl<$($a: LoosenedExtent<$b>, $b: Extent),*> Loosened<($($b,)*)> for ($($a,)*) {}
    };
}

loosen!();
loosen!(A A2);
loosen!(A A2 B B2);
loosen!(A A2 B B2 C C2);
loosen!(A A2 B B2 C C2 F F2);
loosen!(A A2 B B2 C C2 F F2 G G2);
loosen!(A A2 B B2 C C2 F F2 G G2 H H2);
