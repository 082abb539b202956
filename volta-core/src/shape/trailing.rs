//! Shapes by their last axes.

use super::{Extent, Shape};

/// A shape whose last axes are those of `T`: what a layer over several axes takes.
#[diagnostic::on_unimplemented(
    message = "the last axes of `{Self}` are not `{T}`",
    label = "expected `{T}` in the last axes",
    note = "the layer says them in its type: `LayerNormOver<s![C, H, W]>`"
)]
pub trait EndsWithAxes<T: Shape>: Shape {
    /// The shape itself.
    type Out: Shape;
}

/// The last axes after the first ones, then after fewer, down to none.
macro_rules! ends_with {
    ([$($last:ident)*]: $($first:ident)*) => {
        with_last!([$($last)*]: $($first)*);
        ends_with!(@shorter [$($last)*]: $($first)*);
    };
    (@shorter $last:tt:) => {};
    (@shorter $last:tt: $one:ident $($first:ident)*) => { ends_with!($last: $($first)*); };
}

macro_rules! with_last {
    ([$($last:ident)*]: $($first:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($first: Extent,)* $($last: Extent),*> EndsWithAxes<($($last,)*)>
            for ($($first,)* $($last,)*)
        {
            type Out = ($($first,)* $($last,)*);
        }
    };
}

ends_with!([U]: A B C F G);
ends_with!([U V]: A B C F);
ends_with!([U V W]: A B C);
ends_with!([U V W X]: A B);
ends_with!([U V W X Y]: A);
ends_with!([U V W X Y Z]:);
