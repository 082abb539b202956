//! Average pooling.

use std::marker::PhantomData;

use super::Forward;
use crate::Module;
use crate::backend::Backend;
use crate::dtype::Float;
use crate::shape::{Pool1dShape, Pool2dShape, Window1, Windows2};
use crate::tensor::Tensor;

/// The mean of every window: from `[N, C, L]` to `[N, C, L']` (`torch.nn.AvgPool1d`).
///
/// The stride is the window's own, 1 if it says none: `Window<2, 2>` halves the length. The padding
/// counts as zeros, unless [`count_include_pad`](Self::count_include_pad) says otherwise; above
/// half of the window it does not build.
///
/// ```
/// use volta::prelude::*;
///
/// let pool = AvgPool1d::<Window<2, 2>>::new();
/// let x: Tensor<s![8, 6, 28]> = Tensor::zeros();
/// let y: Tensor<s![8, 6, 14]> = pool.forward(&x);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct AvgPool1d<W: Window1> {
    windows: PhantomData<W>,
    #[module(skip)]
    leaves_padding_out: bool,
}

impl<W: Window1> AvgPool1d<W> {
    /// The layer, for which the padding counts as zeros.
    pub const fn new() -> Self {
        AvgPool1d {
            windows: PhantomData,
            leaves_padding_out: false,
        }
    }

    /// Whether the padding counts as zeros: else the mean is of what is inside.
    #[must_use]
    pub const fn count_include_pad(mut self, count: bool) -> Self {
        self.leaves_padding_out = !count;
        self
    }

    /// `[N, C, L]` to `[N, C, L']`.
    ///
    /// # Panics
    /// As [`Tensor::avg_pool1d`].
    #[track_caller]
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: Pool1dShape<W>,
        E: Float,
        B: Backend,
    {
        match self.leaves_padding_out {
            true => x.avg_pool1d_inside::<W>(),
            false => x.avg_pool1d::<W>(),
        }
    }
}

impl<S, E, B, W> Forward<Tensor<S, E, B>> for AvgPool1d<W>
where
    S: Pool1dShape<W>,
    E: Float,
    B: Backend,
    W: Window1,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        self.forward(x)
    }
}

/// The mean of every window: from `[N, C, H, W]` to `[N, C, H', W']` (`torch.nn.AvgPool2d`).
///
/// The stride is the window's own, 1 if it says none: `Window<2, 2>` halves height and width. The padding
/// counts as zeros, unless [`count_include_pad`](Self::count_include_pad) says otherwise; above
/// half of the window it does not build.
///
/// ```
/// use volta::prelude::*;
///
/// let pool = AvgPool2d::<Window<3, 2, 1>>::new().count_include_pad(false);
/// let x: Tensor<s![8, 6, 28, 28]> = Tensor::ones();
/// let y: Tensor<s![8, 6, 14, 14]> = pool.forward(&x);
/// assert_eq!(y[[0, 0, 0, 0]], 1.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct AvgPool2d<W: Windows2> {
    windows: PhantomData<W>,
    #[module(skip)]
    leaves_padding_out: bool,
}

impl<W: Windows2> AvgPool2d<W> {
    /// The layer, for which the padding counts as zeros.
    pub const fn new() -> Self {
        AvgPool2d {
            windows: PhantomData,
            leaves_padding_out: false,
        }
    }

    /// Whether the padding counts as zeros: else the mean is of what is inside.
    #[must_use]
    pub const fn count_include_pad(mut self, count: bool) -> Self {
        self.leaves_padding_out = !count;
        self
    }

    /// `[N, C, H, W]` to `[N, C, H', W']`.
    ///
    /// # Panics
    /// As [`Tensor::avg_pool2d`].
    #[track_caller]
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: Pool2dShape<W>,
        E: Float,
        B: Backend,
    {
        match self.leaves_padding_out {
            true => x.avg_pool2d_inside::<W>(),
            false => x.avg_pool2d::<W>(),
        }
    }
}

impl<S, E, B, W> Forward<Tensor<S, E, B>> for AvgPool2d<W>
where
    S: Pool2dShape<W>,
    E: Float,
    B: Backend,
    W: Windows2,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        self.forward(x)
    }
}
