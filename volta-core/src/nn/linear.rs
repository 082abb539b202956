//! The affine map.

use super::{Bias, BiasKind, Forward, Init, NoBias, Param, WithBias};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::initial;
use crate::random::Rng;
use crate::shape::runtime::Dims;
use crate::shape::{D, EndsWith};
use crate::tensor::Tensor;

/// `y = x W^T + b`: from `[.., I]` to `[.., O]`.
///
/// `weight` is `[O, I]` and `bias` is `[O]`, both drawn from the uniform distribution between
/// `-1 / sqrt(I)` and `1 / sqrt(I)`, as in PyTorch. [`NoBias`] leaves the bias out.
///
/// ```
/// use volta::prelude::*;
///
/// let layer: Linear<784, 10> = Linear::init(&mut Rng::seed(0));
/// let x: Tensor<s![32, 784]> = Tensor::zeros();
/// let y: Tensor<s![32, 10]> = layer.forward(&x);
/// assert_eq!(y[[0, 3]], layer.bias[[3]]);
///
/// let linear: Linear<784, 10, Cpu, f32, NoBias> = layer.without_bias();
/// assert_eq!(linear.forward(&x)[[0, 3]], 0.0);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct Linear<
    const I: usize,
    const O: usize,
    B: Backend = Cpu,
    E: Float = f32,
    K: BiasKind = WithBias,
> {
    /// `[O, I]`.
    pub weight: Param<(D<O>, D<I>), E, B>,
    /// `[O]`.
    pub bias: Bias<(D<O>,), E, B, K>,
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const O: usize, B, E, K> Init<B> for Linear<I, O, B, E, K>
where
    B: Backend,
    E: Float,
    K: BiasKind,
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        let bound = initial::fan_in_bound(I);
        Linear {
            weight: initial::uniform((D, D), bound, device, rng).into(),
            bias: Bias::uniform(bound, device, rng),
        }
    }
}

impl<const I: usize, const O: usize, B: Backend, E: Float> Linear<I, O, B, E> {
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
    pub fn without_bias(self) -> Linear<I, O, B, E, NoBias> {
        Linear {
            weight: self.weight,
            bias: Bias::none(),
        }
    }
}

impl<const I: usize, const O: usize, B, E, K> Linear<I, O, B, E, K>
where
    B: Backend,
    E: Float,
    K: BiasKind,
{
    /// `[.., I]` to `[.., O]`.
    pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Replace<D<O>>, E, B>
    where
        S: EndsWith<D<I>>,
    {
        let mut dims = Dims::new(x.dims());
        let last = dims.len() - 1;
        let rows = dims[..last].iter().product();
        let x = B::reshape(x.prim(), &[rows, I]);
        let bias = self.bias.get().map(|bias| bias.prim());
        let y = B::linear(&x, self.weight.prim(), bias);
        dims[last] = O;
        (self.weight).gives(B::reshape(&y, &dims))
    }
}

impl<S, const I: usize, const O: usize, B, E, K> Forward<Tensor<S, E, B>> for Linear<I, O, B, E, K>
where
    S: EndsWith<D<I>>,
    B: Backend,
    E: Float,
    K: BiasKind,
{
    type Output = Tensor<S::Replace<D<O>>, E, B>;
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        self.forward(x)
    }
}
