//! The shapes of what makes images and signals larger or smaller, channels second.

use super::shuffle::{By, OfNoImages};
use super::{D, Dim, Extent, MulDim, Shape};

/// Shapes of another rank. Without any impl the compiler would report the method as missing, not
/// the axes.
macro_rules! other_ranks {
    ($axes:ident $params:tt: $($rank:tt)*) => {
        $(other_ranks!(@ $axes $params $rank);)*
    };
    (@ $axes:ident ($($param:ident),*) ($($axis:ident)*)) => {
        #[diagnostic::do_not_recommend]
        impl<$($axis: Extent,)* $(const $param: usize),*> $axes<$($param),*> for ($($axis,)*)
        where
            $(By<$param>: OfNoImages,)*
        {
            type Out = Self;
        }
    };
}

other_ranks!(Resize1dAxes (L): () (A) (A B) (A B C E) (A B C E F) (A B C E F G));
other_ranks!(Resize2dAxes (H, W): () (A) (A B) (A B C) (A B C E F) (A B C E F G));
other_ranks!(Upsample2dAxes (FH, FW): () (A) (A B) (A B C) (A B C E F) (A B C E F G));

macro_rules! resized {
    (
        $(#[$attribute:meta])*
        $name:ident of $axes:ident<$(const $param:ident),*> $message:literal $form:literal
        |$($axis:ident),*| [$($bound:tt)*] -> $Out:ty
    ) => {
        $(#[$attribute])*
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $form,
            note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
        )]
        pub trait $name<$(const $param: usize),*>: Shape {
            /// The shape of the result.
            type Out: Shape;
        }

        // By way of another trait, or a shape of another rank has no such method at all.
        #[diagnostic::do_not_recommend]
        impl<S: $axes<$($param),*>, $(const $param: usize),*> $name<$($param),*> for S {
            type Out = <S as $axes<$($param),*>>::Out;
        }

        #[doc = concat!("[`", stringify!($name), "`] by rank.")]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $form,
            note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
        )]
        pub trait $axes<$(const $param: usize),*>: Shape {
            /// The shape of the result.
            type Out: Shape;
        }

        impl<$($axis: Extent,)* $(const $param: usize),*> $axes<$($param),*> for ($($axis),*)
        where
            $($bound)*
        {
            type Out = $Out;
        }
    };
}

resized! {
    /// A signal `[batch, channels, length]` that is resized to a length of `L`.
    Resize1dShape of Resize1dAxes<const L>
    "a signal to resize is `(N, C, L)`, not `{Self}`" "[batch, channels, length]"
    |N, C, A| [A: Dim] -> (N, C, D<L>)
}

resized! {
    /// Images `[batch, channels, height, width]` that are resized to `H` by `W`.
    Resize2dShape of Resize2dAxes<const H, const W>
    "images to resize are `(N, C, H, W)`, not `{Self}`" "[batch, channels, height, width]"
    |N, C, A, B| [A: Dim, B: Dim] -> (N, C, D<H>, D<W>)
}

resized! {
    /// Images `[batch, channels, height, width]` that become `FH` times as high and `FW` times as
    /// wide.
    Upsample2dShape of Upsample2dAxes<const FH, const FW>
    "images to upsample are `(N, C, H, W)`, not `{Self}`" "[batch, channels, height, width]"
    |N, C, H, W| [H: Dim + MulDim<D<FH>>, W: Dim + MulDim<D<FW>>]
        -> (N, C, <H as MulDim<D<FH>>>::Out, <W as MulDim<D<FW>>>::Out)
}
