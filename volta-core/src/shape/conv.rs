//! The shapes of convolution and pooling, channels second: `[N, C, L]` and `[N, C, H, W]`.

use super::{ConvTransposed, Dim, Extent, Shape, Window1, Windowed, Windows2};

/// An axis of channels that a convolution takes.
#[diagnostic::on_unimplemented(
    message = "the convolution takes `{C}` channels, the input has `{Self}`",
    label = "the channels are axis 1 of the input",
    note = "the layer says them first: `Conv2d<C, O, Window<K>>`"
)]
pub trait Channels<C: Dim>: Extent {}

#[diagnostic::do_not_recommend]
impl<C: Dim> Channels<C> for C {}

macro_rules! shapes {
    (
        $($axis:ident by $side:ident),*;
        $windows:ident: $conv:ident $conv_axes:ident $conv_name:literal, $pool:ident $pool_name:literal,
        $transposed:ident $transposed_name:literal; $form:literal
    ) => {
        #[doc = concat!("The input of a convolution from `C` to `O` channels: `", $form, "`.")]
        #[diagnostic::on_unimplemented(
            message = $conv_name,
            label = $form,
            note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
        )]
        pub trait $conv<C: Dim, O: Dim, W: $windows>: Shape {
            /// The shape of the result.
            type Out: Shape;
        }

        impl<S, C, O, W> $conv<C, O, W> for S
        where
            S: $conv_axes<O, W>,
            <S as $conv_axes<O, W>>::Channels: Channels<C>,
            C: Dim,
            O: Dim,
            W: $windows,
        {
            type Out = <S as $conv_axes<O, W>>::Out;
        }

        #[doc = concat!("[`", stringify!($conv), "`] whatever the channels.")]
        #[diagnostic::on_unimplemented(
            message = $conv_name,
            label = $form,
            note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
        )]
        pub trait $conv_axes<O: Dim, W: $windows>: Shape {
            /// The axis of channels.
            type Channels: Extent;
            /// The shape of the result.
            type Out: Shape;
        }

        impl<N, X, $($axis,)* O, Window> $conv_axes<O, Window> for (N, X, $($axis),*)
        where
            N: Extent,
            X: Extent,
            O: Dim,
            Window: $windows,
            $($axis: Windowed<side!(Window $side)>,)*
        {
            type Channels = X;
            type Out = (N, O, $($axis::Out),*);
        }

        #[doc = concat!("The input of pooling with the window `W`: `", $form, "`.")]
        #[diagnostic::on_unimplemented(
            message = $pool_name,
            label = $form,
            note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
        )]
        pub trait $pool<W: $windows>: Shape {
            /// The shape of the result.
            type Out: Shape;
        }

        impl<N, X, $($axis,)* Window> $pool<Window> for (N, X, $($axis),*)
        where
            N: Extent,
            X: Extent,
            Window: $windows,
            $($axis: Windowed<side!(Window $side)>,)*
        {
            type Out = (N, X, $($axis::Out),*);
        }

        #[doc = concat!(
            "The input of a transposed convolution from `C` to `O` channels: `", $form, "`."
        )]
        #[diagnostic::on_unimplemented(
            message = $transposed_name,
            label = $form,
            note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
        )]
        pub trait $transposed<C: Dim, O: Dim, W: $windows, const OUTPUT_PAD: usize>: Shape {
            /// The shape of the result.
            type Out: Shape;
        }

        impl<N, X, $($axis,)* C, O, Window, const OUTPUT_PAD: usize>
            $transposed<C, O, Window, OUTPUT_PAD> for (N, X, $($axis),*)
        where
            N: Extent,
            X: Channels<C>,
            C: Dim,
            O: Dim,
            Window: $windows,
            $($axis: ConvTransposed<side!(Window $side), OUTPUT_PAD>,)*
        {
            type Out = (N, O, $($axis::Out),*);
        }
    };
}

macro_rules! side {
    ($window:ident only) => {
        $window
    };
    ($window:ident height) => {
        <$window as Windows2>::H
    };
    ($window:ident width) => {
        <$window as Windows2>::W
    };
}

shapes! {
    L by only;
    Window1: Conv1dShape Conv1dAxes "conv1d takes `(N, C, L)`, not `{Self}`",
    Pool1dShape "pooling takes `(N, C, L)`, not `{Self}`",
    ConvTranspose1dShape "conv_transpose1d takes `(N, C, L)`, not `{Self}`";
    "[batch, channels, length]"
}

shapes! {
    H by height, V by width;
    Windows2: Conv2dShape Conv2dAxes "conv2d takes `(N, C, H, W)`, not `{Self}`",
    Pool2dShape "pooling takes `(N, C, H, W)`, not `{Self}`",
    ConvTranspose2dShape "conv_transpose2d takes `(N, C, H, W)`, not `{Self}`";
    "[batch, channels, height, width]"
}
