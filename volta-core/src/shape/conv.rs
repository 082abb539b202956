//! The shapes of convolution and pooling, channels second: `[N, C, L]`, `[N, C, H, W]` and
//! `[N, C, D, H, W]`.

use super::{
    ConvTransposed, Dim, Extent, Shape, TransposedWindow1, TransposedWindows2, Window1, Windowed,
    Windows2, Windows3,
};

/// An axis of channels that a convolution takes.
#[diagnostic::on_unimplemented(
    message = "the convolution takes `{C}` channels, the input has `{Self}`",
    label = "the channels are axis 1 of the input",
    note = "the layer says them first: `Conv2d<C, O, Window<K>>`"
)]
pub trait Channels<C: Dim>: Extent {}

#[diagnostic::do_not_recommend]
impl<C: Dim> Channels<C> for C {}

macro_rules! conv {
    (
        $($axis:ident by $side:ident),*;
        $windows:ident: $conv:ident $conv_axes:ident $message:literal; $form:literal
    ) => {
        #[doc = concat!("The input of a convolution from `C` to `O` channels: `", $form, "`.")]
        #[diagnostic::on_unimplemented(
            message = $message,
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
            message = $message,
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
    };
}

macro_rules! pool {
    ($($axis:ident by $side:ident),*; $windows:ident: $pool:ident $message:literal; $form:literal) => {
        #[doc = concat!("The input of pooling with the window `W`: `", $form, "`.")]
        #[diagnostic::on_unimplemented(
            message = $message,
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
    };
}

macro_rules! conv_transpose {
    (
        $($axis:ident by $side:ident),*;
        $windows:ident: $transposed:ident $axes:ident $message:literal; $form:literal
    ) => {
        #[doc = concat!(
            "The input of a transposed convolution from `C` to `O` channels: `", $form, "`."
        )]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $form,
            note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
        )]
        pub trait $transposed<C: Dim, O: Dim, W: $windows>: Shape {
            /// The shape of the result.
            type Out: Shape;
        }

        impl<S, C, O, W> $transposed<C, O, W> for S
        where
            S: $axes<O, W>,
            <S as $axes<O, W>>::Channels: Channels<C>,
            C: Dim,
            O: Dim,
            W: $windows,
        {
            type Out = <S as $axes<O, W>>::Out;
        }

        #[doc = concat!("[`", stringify!($transposed), "`] whatever the channels.")]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $form,
            note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
        )]
        pub trait $axes<O: Dim, W: $windows>: Shape {
            /// The axis of channels.
            type Channels: Extent;
            /// The shape of the result.
            type Out: Shape;
        }

        impl<N, X, $($axis,)* O, Window> $axes<O, Window> for (N, X, $($axis),*)
        where
            N: Extent,
            X: Extent,
            O: Dim,
            Window: $windows,
            $($axis: ConvTransposed<side!(Window $side)>,)*
        {
            type Channels = X;
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
    ($window:ident transposed_height) => {
        <$window as TransposedWindows2>::H
    };
    ($window:ident transposed_width) => {
        <$window as TransposedWindows2>::W
    };
    ($window:ident depth_of_3) => {
        <$window as Windows3>::D
    };
    ($window:ident height_of_3) => {
        <$window as Windows3>::H
    };
    ($window:ident width_of_3) => {
        <$window as Windows3>::W
    };
}

conv! {
    L by only;
    Window1: Conv1dShape Conv1dAxes "conv1d takes `(N, C, L)`, not `{Self}`";
    "[batch, channels, length]"
}

conv! {
    H by height, V by width;
    Windows2: Conv2dShape Conv2dAxes "conv2d takes `(N, C, H, W)`, not `{Self}`";
    "[batch, channels, height, width]"
}

conv! {
    T by depth_of_3, H by height_of_3, V by width_of_3;
    Windows3: Conv3dShape Conv3dAxes "conv3d takes `(N, C, D, H, W)`, not `{Self}`";
    "[batch, channels, depth, height, width]"
}

pool! {
    L by only;
    Window1: Pool1dShape "pooling takes `(N, C, L)`, not `{Self}`";
    "[batch, channels, length]"
}

pool! {
    H by height, V by width;
    Windows2: Pool2dShape "pooling takes `(N, C, H, W)`, not `{Self}`";
    "[batch, channels, height, width]"
}

conv_transpose! {
    L by only;
    TransposedWindow1: ConvTranspose1dShape ConvTranspose1dAxes
        "conv_transpose1d takes `(N, C, L)`, not `{Self}`";
    "[batch, channels, length]"
}

conv_transpose! {
    H by transposed_height, V by transposed_width;
    TransposedWindows2: ConvTranspose2dShape ConvTranspose2dAxes
        "conv_transpose2d takes `(N, C, H, W)`, not `{Self}`";
    "[batch, channels, height, width]"
}
