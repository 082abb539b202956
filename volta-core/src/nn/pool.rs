//! Max pooling.

use std::marker::PhantomData;

use super::Forward;
use crate::Module;
use crate::backend::Backend;
use crate::dtype::Num;
use crate::shape::{Pool1dShape, Pool2dShape, Window1, Windows2};
use crate::tensor::Tensor;

/// The greatest element of every window: from `[N, C, H, W]` to `[N, C, H', W']`
/// (`torch.nn.MaxPool2d`).
///
/// The stride is the window's own, 1 if it says none: `Window<2, 2>` halves height and width. The
/// padding never wins; above half of the window it does not build.
///
/// ```
/// use volta::prelude::*;
///
/// let pool = MaxPool2d::<Window<2, 2>>::new();
/// let x: Tensor<s![8, 6, 28, 28]> = Tensor::zeros();
/// let y: Tensor<s![8, 6, 14, 14]> = pool.forward(&x);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct MaxPool2d<W: Windows2>(PhantomData<W>);

impl<W: Windows2> MaxPool2d<W> {
    /// The layer: its type says everything.
    pub const fn new() -> Self {
        MaxPool2d(PhantomData)
    }

    /// `[N, C, H, W]` to `[N, C, H', W']`.
    ///
    /// # Panics
    /// As [`Tensor::max_pool2d`].
    #[track_caller]
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: Pool2dShape<W>,
        E: Num,
        B: Backend,
    {
        x.max_pool2d::<W>()
    }
}

impl<S, E, B, W> Forward<Tensor<S, E, B>> for MaxPool2d<W>
where
    S: Pool2dShape<W>,
    E: Num,
    B: Backend,
    W: Windows2,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        x.max_pool2d::<W>()
    }
}

/// The greatest element of every window: from `[N, C, L]` to `[N, C, L']` (`torch.nn.MaxPool1d`).
///
/// The stride is the window's own, 1 if it says none: `Window<2, 2>` halves the length. The padding
/// never wins; above half of the window it does not build.
///
/// ```
/// use volta::prelude::*;
///
/// let pool = MaxPool1d::<Window<2, 2>>::new();
/// let x: Tensor<s![8, 6, 28]> = Tensor::zeros();
/// let y: Tensor<s![8, 6, 14]> = pool.forward(&x);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct MaxPool1d<W: Window1>(PhantomData<W>);

impl<W: Window1> MaxPool1d<W> {
    /// The layer: its type says everything.
    pub const fn new() -> Self {
        MaxPool1d(PhantomData)
    }

    /// `[N, C, L]` to `[N, C, L']`.
    ///
    /// # Panics
    /// As [`Tensor::max_pool1d`].
    #[track_caller]
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: Pool1dShape<W>,
        E: Num,
        B: Backend,
    {
        x.max_pool1d::<W>()
    }
}

impl<S, E, B, W> Forward<Tensor<S, E, B>> for MaxPool1d<W>
where
    S: Pool1dShape<W>,
    E: Num,
    B: Backend,
    W: Window1,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        x.max_pool1d::<W>()
    }
}
