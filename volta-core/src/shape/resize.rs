//! The shapes of what makes images and signals larger or smaller, channels second.

use super::{D, Dim, Extent, MulDim, Shape};

/// A signal `[batch, channels, length]` that is resized to a length of `L`.
#[diagnostic::on_unimplemented(
    message = "a signal to resize is `(N, C, L)`, not `{Self}`",
    label = "[batch, channels, length]",
    note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
)]
pub trait Resize1dShape<const L: usize>: Shape {
    /// The shape of the result.
    type Out: Shape;
}

#[diagnostic::do_not_recommend]
impl<N: Extent, C: Extent, A: Dim, const L: usize> Resize1dShape<L> for (N, C, A) {
    type Out = (N, C, D<L>);
}

/// Images `[batch, channels, height, width]` that are resized to `H` by `W`.
#[diagnostic::on_unimplemented(
    message = "images to resize are `(N, C, H, W)`, not `{Self}`",
    label = "[batch, channels, height, width]",
    note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
)]
pub trait Resize2dShape<const H: usize, const W: usize>: Shape {
    /// The shape of the result.
    type Out: Shape;
}

#[diagnostic::do_not_recommend]
impl<N: Extent, C: Extent, A: Dim, B: Dim, const H: usize, const W: usize> Resize2dShape<H, W>
    for (N, C, A, B)
{
    type Out = (N, C, D<H>, D<W>);
}

/// Images `[batch, channels, height, width]` that become `FH` times as high and `FW` times as
/// wide.
#[diagnostic::on_unimplemented(
    message = "images to upsample are `(N, C, H, W)`, not `{Self}`",
    label = "[batch, channels, height, width]",
    note = "`.unsqueeze::<0>()` makes a batch of one of a single example"
)]
pub trait Upsample2dShape<const FH: usize, const FW: usize>: Shape {
    /// The shape of the result.
    type Out: Shape;
}

impl<N, C, H, W, const FH: usize, const FW: usize> Upsample2dShape<FH, FW> for (N, C, H, W)
where
    N: Extent,
    C: Extent,
    H: Dim + MulDim<D<FH>>,
    W: Dim + MulDim<D<FW>>,
{
    type Out = (N, C, <H as MulDim<D<FH>>>::Out, <W as MulDim<D<FW>>>::Out);
}
