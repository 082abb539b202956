//! Channels that become pixels, and the reverse.

use super::Forward;
use crate::Module;
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::shape;
use crate::tensor::Tensor;

/// Images `[.., C R^2, H, W]` as `[.., C, H R, W R]` (`torch.nn.PixelShuffle`): the last layer of a
/// network that enlarges images by a convolution of the small ones (Shi et al., 2016).
///
/// ```
/// use volta::prelude::*;
///
/// let x: Tensor<s![8, 12, 7, 7]> = Tensor::zeros();
/// let y: Tensor<s![8, 3, 14, 14]> = PixelShuffle::<2>.forward(&x);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct PixelShuffle<const R: usize>;

impl<const R: usize> PixelShuffle<R> {
    /// `[.., C R^2, H, W]` to `[.., C, H R, W R]`.
    ///
    /// # Panics
    /// As [`Tensor::pixel_shuffle`].
    #[track_caller]
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: shape::PixelShuffle<R>,
        E: Dtype,
        B: Backend,
    {
        x.pixel_shuffle::<R>()
    }
}

impl<S, E, B, const R: usize> Forward<Tensor<S, E, B>> for PixelShuffle<R>
where
    S: shape::PixelShuffle<R>,
    E: Dtype,
    B: Backend,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        x.pixel_shuffle::<R>()
    }
}

/// Images `[.., C, H R, W R]` as `[.., C R^2, H, W]` (`torch.nn.PixelUnshuffle`): what
/// [`PixelShuffle`] takes back.
///
/// ```
/// use volta::prelude::*;
///
/// let x: Tensor<s![8, 3, 14, 14]> = Tensor::zeros();
/// let y: Tensor<s![8, 12, 7, 7]> = PixelUnshuffle::<2>.forward(&x);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct PixelUnshuffle<const R: usize>;

impl<const R: usize> PixelUnshuffle<R> {
    /// `[.., C, H R, W R]` to `[.., C R^2, H, W]`.
    ///
    /// # Panics
    /// As [`Tensor::pixel_unshuffle`].
    #[track_caller]
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: shape::PixelUnshuffle<R>,
        E: Dtype,
        B: Backend,
    {
        x.pixel_unshuffle::<R>()
    }
}

impl<S, E, B, const R: usize> Forward<Tensor<S, E, B>> for PixelUnshuffle<R>
where
    S: shape::PixelUnshuffle<R>,
    E: Dtype,
    B: Backend,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        x.pixel_unshuffle::<R>()
    }
}
