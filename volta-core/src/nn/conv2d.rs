//! The convolution of images.

use super::{Forward, Init, Param, initial};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::ops::elementwise::Add;
use crate::random::Rng;
use crate::shape::{Conv2dShape, D, Shape, StaticExtent, Window1, Windows2};
use crate::tensor::{KernelShape, Tensor};

/// Convolution with a window: from `[N, I, H, W]` to `[N, O, H', W']` (`torch.nn.Conv2d`).
///
/// `W` is a [`Window`](crate::Window) of height and width alike, or a pair of them. `weight` is
/// `[O, I, KH, KW]` and `bias` is `[O]`, both drawn from the uniform distribution between
/// `-1 / sqrt(I KH KW)` and `1 / sqrt(I KH KW)`, as in PyTorch.
///
/// ```
/// use volta::prelude::*;
///
/// let layer: Conv2d<1, 6, Window<5, 1, 2>> = Conv2d::init(&mut Rng::seed(0));
/// let x: Tensor<s![8, 1, 28, 28]> = Tensor::zeros();
/// let y: Tensor<s![8, 6, 28, 28]> = layer.forward(&x);
/// assert_eq!(y[[0, 4, 3, 2]], layer.bias[[4]]);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct Conv2d<const I: usize, const O: usize, W: Windows2, B: Backend = Cpu, E: Float = f32> {
    /// `[O, I, KH, KW]`.
    pub weight: Param<KernelShape<D<O>, D<I>, W>, E, B>,
    /// `[O]`.
    pub bias: Param<(D<O>,), E, B>,
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const O: usize, W, B, E> Init<B> for Conv2d<I, O, W, B, E>
where
    W: Windows2,
    B: Backend,
    E: Float,
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        let bound = initial::fan_in_bound(I * W::H::K * W::W::K);
        let kernel = (
            D,
            D,
            <W::H as Window1>::Kernel::VALUE,
            <W::W as Window1>::Kernel::VALUE,
        );
        Conv2d {
            weight: initial::uniform(kernel, bound, device, rng).into(),
            bias: initial::uniform((D,), bound, device, rng).into(),
        }
    }
}

impl<const I: usize, const O: usize, W, B, E> Conv2d<I, O, W, B, E>
where
    W: Windows2,
    B: Backend,
    E: Float,
{
    /// `[N, I, H, W]` to `[N, O, H', W']`.
    ///
    /// # Panics
    /// As [`Tensor::conv2d`].
    #[track_caller]
    pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: Conv2dShape<D<I>, D<O>, W>,
    {
        let y = x.conv2d::<W, D<O>, D<I>, B>(&self.weight);
        let bias = B::reshape(self.bias.prim(), &[1, O, 1, 1]);
        let bias = B::expand(&bias, y.dims());
        Tensor::from_prim(y.shape(), B::map(Add, [y.prim(), &bias]))
    }
}

impl<S, const I: usize, const O: usize, W, B, E> Forward<Tensor<S, E, B>> for Conv2d<I, O, W, B, E>
where
    S: Conv2dShape<D<I>, D<O>, W> + Shape,
    W: Windows2,
    B: Backend,
    E: Float,
{
    type Output = Tensor<S::Out, E, B>;
    #[track_caller]
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        self.forward(x)
    }
}
