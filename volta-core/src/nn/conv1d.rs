//! The convolution of signals.

use super::{Bias, BiasKind, Forward, Init, NoBias, Param, WithBias, initial};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::random::Rng;
use crate::shape::{Conv1dShape, ConvWindows, D, Divides, GroupCount, Shape, Window1};
use crate::tensor::{Convolve, Kernel1dShape, Tensor};

/// Convolution with a window: from `[N, I, L]` to `[N, O, L']` (`torch.nn.Conv1d`).
///
/// `W` is a [`Window`](crate::Window), in groups of channels by
/// [`Grouped`](crate::shape::Grouped). `weight` is `[O, I / G, K]` and `bias` is `[O]`, both drawn
/// from the uniform distribution between `-1 / sqrt(I / G K)` and `1 / sqrt(I / G K)`, as in
/// PyTorch. [`NoBias`] leaves the bias out.
///
/// Groups that do not divide the channels on both sides do not build.
///
/// ```
/// use volta::prelude::*;
///
/// let layer: Conv1d<4, 8, Window<3, 2, 1>> = Conv1d::init(&mut Rng::seed(0));
/// let x: Tensor<s![2, 4, 100]> = Tensor::zeros();
/// let y: Tensor<s![2, 8, 50]> = layer.forward(&x);
/// assert_eq!(y[[0, 4, 3]], layer.bias[[4]]);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct Conv1d<
    const I: usize,
    const O: usize,
    W: ConvWindows<Windows: Window1>,
    B: Backend = Cpu,
    E: Float = f32,
    K: BiasKind = WithBias,
> {
    /// `[O, I / G, K]`.
    pub weight: Param<Kernel1dShape<D<O>, <W::Groups as GroupCount>::Share<I>, W::Windows>, E, B>,
    /// `[O]`.
    pub bias: Bias<(D<O>,), E, B, K>,
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const O: usize, W, B, E, K> Init<B> for Conv1d<I, O, W, B, E, K>
where
    W: ConvWindows<Windows: Window1>,
    B: Backend,
    E: Float,
    K: BiasKind,
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        const { Divides::<D<I>, W::Groups>::CHECK }
        const { Divides::<D<O>, W::Groups>::CHECK }
        let (weight, bound) = initial::kernel(device, rng);
        Conv1d {
            weight,
            bias: Bias::uniform(bound, device, rng),
        }
    }
}

impl<const I: usize, const O: usize, W, B, E> Conv1d<I, O, W, B, E>
where
    W: ConvWindows<Windows: Window1>,
    B: Backend,
    E: Float,
{
    /// A layer with a bias and fresh parameters on the only device of a backend.
    pub fn init(rng: &mut Rng) -> Self
    where
        B::Device: Default,
    {
        Init::init(rng)
    }

    /// A layer with a bias and fresh parameters.
    pub fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        Init::init_on(device, rng)
    }

    /// The layer without its bias.
    #[must_use]
    pub fn without_bias(self) -> Conv1d<I, O, W, B, E, NoBias> {
        Conv1d {
            weight: self.weight,
            bias: Bias::none(),
        }
    }
}

impl<const I: usize, const O: usize, W, B, E, K> Conv1d<I, O, W, B, E, K>
where
    W: ConvWindows<Windows: Window1>,
    B: Backend,
    E: Float,
    K: BiasKind,
{
    /// `[N, I, L]` to `[N, O, L']`.
    ///
    /// # Panics
    /// As [`Tensor::conv1d`].
    #[track_caller]
    pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: Conv1dShape<D<I>, D<O>, W::Windows>,
    {
        const { Divides::<D<I>, W::Groups>::CHECK }
        const { Divides::<D<O>, W::Groups>::CHECK }
        let (x, weight) = (x.prim(), self.weight.prim());
        let y = <W::Groups as Convolve<E, B>>::conv1d::<W::Windows>(x, weight);
        self.weight.gives(self.bias.add_to(y, 1))
    }
}

impl<S, const I: usize, const O: usize, W, B, E, K> Forward<Tensor<S, E, B>>
    for Conv1d<I, O, W, B, E, K>
where
    S: Conv1dShape<D<I>, D<O>, W::Windows> + Shape,
    W: ConvWindows<Windows: Window1>,
    B: Backend,
    E: Float,
    K: BiasKind,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        self.forward(x)
    }
}
