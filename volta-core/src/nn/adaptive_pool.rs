//! Average pooling to a given size.

use super::Forward;
use crate::Module;
use crate::backend::Backend;
use crate::dtype::Float;
use crate::shape::{Resize1dShape, Resize2dShape};
use crate::tensor::Tensor;

/// The means of `L` parts of a signal of whatever length: from `[N, C, ..]` to `[N, C, L]` (`torch.nn.AdaptiveAvgPool1d`).
///
/// ```
/// use volta::prelude::*;
///
/// let pool = AdaptiveAvgPool1d::<7>::new();
/// let x: Tensor<s![8, 6, 100]> = Tensor::zeros();
/// let y: Tensor<s![8, 6, 7]> = pool.forward(&x);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct AdaptiveAvgPool1d<const L: usize>;

impl<const L: usize> AdaptiveAvgPool1d<L> {
    /// The layer: its type says everything.
    pub const fn new() -> Self {
        AdaptiveAvgPool1d
    }

    /// `[N, C, ..]` to `[N, C, L]`.
    ///
    /// # Panics
    /// As [`Tensor::adaptive_avg_pool1d`].
    #[track_caller]
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: Resize1dShape<L>,
        E: Float,
        B: Backend,
    {
        x.adaptive_avg_pool1d::<L>()
    }
}

impl<S, E, B, const L: usize> Forward<Tensor<S, E, B>> for AdaptiveAvgPool1d<L>
where
    S: Resize1dShape<L>,
    E: Float,
    B: Backend,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        self.forward(x)
    }
}

/// The means of `H` times `W` parts of images of whatever size: from `[N, C, .., ..]` to `[N, C, H, W]` (`torch.nn.AdaptiveAvgPool2d`).
///
/// ```
/// use volta::prelude::*;
///
/// let pool = AdaptiveAvgPool2d::<1, 1>::new();
/// let x: Tensor<s![8, 512, 7, 9]> = Tensor::zeros();
/// let y: Tensor<s![8, 512, 1, 1]> = pool.forward(&x);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct AdaptiveAvgPool2d<const H: usize, const W: usize>;

impl<const H: usize, const W: usize> AdaptiveAvgPool2d<H, W> {
    /// The layer: its type says everything.
    pub const fn new() -> Self {
        AdaptiveAvgPool2d
    }

    /// `[N, C, .., ..]` to `[N, C, H, W]`.
    ///
    /// # Panics
    /// As [`Tensor::adaptive_avg_pool2d`].
    #[track_caller]
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: Resize2dShape<H, W>,
        E: Float,
        B: Backend,
    {
        x.adaptive_avg_pool2d::<H, W>()
    }
}

impl<S, E, B, const H: usize, const W: usize> Forward<Tensor<S, E, B>> for AdaptiveAvgPool2d<H, W>
where
    S: Resize2dShape<H, W>,
    E: Float,
    B: Backend,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        self.forward(x)
    }
}
