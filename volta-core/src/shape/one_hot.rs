//! A new last axis of classes.

use super::{D, Extent, Shape};

/// A shape of class numbers that takes in a last axis of `C` classes: `x.one_hot::<C, E>()`.
#[diagnostic::on_unimplemented(
    message = "one_hot: `{Self}` does not take in an axis of {C} classes",
    label = "a shape has six axes at most",
    note = "`.flatten::<A, Z>()` merges axes"
)]
pub trait OneHot<const C: usize>: Shape {
    /// The shape with `D<C>` behind its axes.
    type Out: Shape;
}

macro_rules! one_hot {
    ($($axis:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* const N: usize> OneHot<N> for ($($axis,)*) {
            type Out = ($($axis,)* D<N>,);
        }
    };
}

one_hot!();
one_hot!(A);
one_hot!(A B);
one_hot!(A B C);
one_hot!(A B C F);
one_hot!(A B C F G);

/// A number of classes that no one asks for: two of them, or the compiler would propose the one.
pub trait OfNoClasses {}

impl OfNoClasses for D<{ usize::MAX }> {}

impl OfNoClasses for D<{ usize::MAX - 1 }> {}

// Six axes take in no other. Without any impl the compiler would report the method as missing.
#[diagnostic::do_not_recommend]
impl<A: Extent, B: Extent, C: Extent, F: Extent, G: Extent, H: Extent, const N: usize> OneHot<N>
    for (A, B, C, F, G, H)
where
    D<N>: OfNoClasses,
{
    type Out = Self;
}
