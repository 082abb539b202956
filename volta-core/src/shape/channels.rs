//! Shapes with a batch and channels in front: what normalisations and dropout of channels take.

use super::{Dim, Extent, Shape};

/// An axis of `C` channels.
#[diagnostic::on_unimplemented(
    message = "the layer takes `{C}` channels, the input has `{Self}`",
    label = "the channels are axis 1 of the input",
    note = "the layer says them in its type, `BatchNorm2d<C>`; a run-time size becomes a literal one by `.try_fix()`"
)]
pub trait ChannelCount<C: Dim>: Extent {}

#[diagnostic::do_not_recommend]
impl<C: Dim> ChannelCount<C> for C {}

macro_rules! channels {
    ($($Axes:ident $Of:ident $form:literal $message:literal: $([$($rest:ident)*])*;)*) => {$(
        #[doc = concat!("A shape ", $form, ".")]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $form,
            note = "`.unsqueeze::<A>()` puts an axis in, `.flatten::<A, Z>()` merges axes"
        )]
        pub trait $Axes: Shape {
            /// The axis of channels.
            type Channels: Extent;
        }

        $(
            #[diagnostic::do_not_recommend]
            impl<N: Extent, X: Extent, $($rest: Extent),*> $Axes for (N, X, $($rest),*) {
                type Channels = X;
            }
        )*

        #[doc = concat!("A shape ", $form, " of `C` channels.")]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = $form,
            note = "`.unsqueeze::<A>()` puts an axis in, `.flatten::<A, Z>()` merges axes"
        )]
        pub trait $Of<C: Dim>: Shape {
            /// The shape itself.
            type Out: Shape;
        }

        impl<S, C> $Of<C> for S
        where
            S: $Axes,
            <S as $Axes>::Channels: ChannelCount<C>,
            C: Dim,
        {
            type Out = S;
        }
    )*};
}

channels! {
    Features FeaturesOf "`[N, C]` or `[N, C, L]`"
        "the layer takes `(N, C)` or `(N, C, L)`, not `{Self}`": [] [L];
    Signals SignalsOf "`[N, C, L]`"
        "the layer takes `(N, C, L)`, not `{Self}`": [L];
    Images ImagesOf "`[N, C, H, W]`"
        "the layer takes `(N, C, H, W)`, not `{Self}`": [H W];
    Volumes VolumesOf "`[N, C, D, H, W]`"
        "the layer takes `(N, C, D, H, W)`, not `{Self}`": [F H W];
    Channelled ChannelledOf "`[N, C, ..]`"
        "the layer takes `(N, C, ..)`, not `{Self}`": [] [L] [H W] [F H W] [F G H W];
    Instances InstancesOf "`[N, C, L, ..]`"
        "the layer takes `(N, C, L, ..)`, not `{Self}`": [L] [H W] [F H W] [F G H W];
}
