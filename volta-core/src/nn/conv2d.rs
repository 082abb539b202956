//! The convolution of images.

use super::{Bias, BiasKind, Forward, Init, NoBias, Param, WithBias, initial};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::random::Rng;
use crate::shape::{Conv2dShape, ConvWindows, D, Divides, GroupCount, Shape, Windows2};
use crate::tensor::{Convolve, KernelShape, Tensor};

/// Convolution with a window: from `[N, I, H, W]` to `[N, O, H', W']` (`torch.nn.Conv2d`).
///
/// `W` is a [`Window`](crate::Window) of height and width alike, or a pair of them, in groups of
/// channels by [`Grouped`](crate::shape::Grouped). `weight` is `[O, I / G, KH, KW]` and `bias` is
/// `[O]`, both drawn from the uniform distribution between `-1 / sqrt(I / G KH KW)` and
/// `1 / sqrt(I / G KH KW)`, as in PyTorch. [`NoBias`] leaves the bias out.
///
/// Where an output would be infinite it can be NaN: see [`Tensor::conv2d`].
///
/// Groups that do not divide the channels on both sides do not build.
///
/// ```
/// use volta::prelude::*;
///
/// let layer: Conv2d<1, 6, Window<5, 1, 2>> = Conv2d::init(&mut Rng::seed(0));
/// let x: Tensor<s![8, 1, 28, 28]> = Tensor::zeros();
/// let y: Tensor<s![8, 6, 28, 28]> = layer.forward(&x);
/// assert_eq!(y[[0, 4, 3, 2]], layer.bias[[4]]);
///
/// type Depthwise = Conv2d<6, 6, Grouped<(Window<3>, Window<5>), 6>, Cpu, f32, NoBias>;
/// let depthwise: Depthwise = Init::init(&mut Rng::seed(0));
/// let y: Tensor<s![8, 6, 26, 24]> = depthwise.forward(&y);
/// assert_eq!(Depthwise::PARAMETERS, 6 * 3 * 5);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct Conv2d<
    const I: usize,
    const O: usize,
    W: ConvWindows<Windows: Windows2>,
    B: Backend = Cpu,
    E: Float = f32,
    K: BiasKind = WithBias,
> {
    /// `[O, I / G, KH, KW]`.
    pub weight: Param<KernelShape<D<O>, <W::Groups as GroupCount>::Share<I>, W::Windows>, E, B>,
    /// `[O]`.
    pub bias: Bias<(D<O>,), E, B, K>,
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const O: usize, W, B, E, K> Init<B> for Conv2d<I, O, W, B, E, K>
where
    W: ConvWindows<Windows: Windows2>,
    B: Backend,
    E: Float,
    K: BiasKind,
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        const { Divides::<D<I>, W::Groups>::CHECK }
        const { Divides::<D<O>, W::Groups>::CHECK }
        let (weight, bound) = initial::kernel(device, rng);
        Conv2d {
            weight,
            bias: Bias::uniform(bound, device, rng),
        }
    }
}

impl<const I: usize, const O: usize, W, B, E> Conv2d<I, O, W, B, E>
where
    W: ConvWindows<Windows: Windows2>,
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
    pub fn without_bias(self) -> Conv2d<I, O, W, B, E, NoBias> {
        Conv2d {
            weight: self.weight,
            bias: Bias::none(),
        }
    }
}

impl<const I: usize, const O: usize, W, B, E, K> Conv2d<I, O, W, B, E, K>
where
    W: ConvWindows<Windows: Windows2>,
    B: Backend,
    E: Float,
    K: BiasKind,
{
    /// `[N, I, H, W]` to `[N, O, H', W']`.
    ///
    /// # Panics
    /// As [`Tensor::conv2d`].
    #[track_caller]
    pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: Conv2dShape<D<I>, D<O>, W::Windows>,
    {
        const { Divides::<D<I>, W::Groups>::CHECK }
        const { Divides::<D<O>, W::Groups>::CHECK }
        let (x, weight) = (x.prim(), self.weight.prim());
        let y = <W::Groups as Convolve<E, B>>::conv2d::<W::Windows>(x, weight);
        self.weight.gives(self.bias.add_to(y, 1))
    }
}

impl<S, const I: usize, const O: usize, W, B, E, K> Forward<Tensor<S, E, B>>
    for Conv2d<I, O, W, B, E, K>
where
    S: Conv2dShape<D<I>, D<O>, W::Windows> + Shape,
    W: ConvWindows<Windows: Windows2>,
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
