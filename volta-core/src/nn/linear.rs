//! The affine map.

use super::{Forward, Init, Param};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::initial;
use crate::random::Rng;
use crate::shape::{D, EndsWith};
use crate::tensor::Tensor;

/// `y = x W^T + b`: from `[.., I]` to `[.., O]`.
///
/// `weight` is `[O, I]` and `bias` is `[O]`, both drawn from the uniform distribution between
/// `-1 / sqrt(I)` and `1 / sqrt(I)`, as in PyTorch.
///
/// ```
/// use volta::prelude::*;
///
/// let layer: Linear<784, 10> = Linear::init(&mut Rng::seed(0));
/// let x: Tensor<s![32, 784]> = Tensor::zeros();
/// let y: Tensor<s![32, 10]> = layer.forward(&x);
/// assert_eq!(y[[0, 3]], layer.bias[[3]]);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct Linear<const I: usize, const O: usize, B: Backend = Cpu, E: Float = f32> {
    /// `[O, I]`.
    pub weight: Param<(D<O>, D<I>), E, B>,
    /// `[O]`.
    pub bias: Param<(D<O>,), E, B>,
}

#[diagnostic::do_not_recommend]
impl<const I: usize, const O: usize, B: Backend, E: Float> Init<B> for Linear<I, O, B, E> {
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        let bound = initial::fan_in_bound(I);
        Linear {
            weight: initial::uniform((D, D), bound, device, rng).into(),
            bias: initial::uniform((D,), bound, device, rng).into(),
        }
    }
}

impl<const I: usize, const O: usize, B: Backend, E: Float> Linear<I, O, B, E> {
    /// `[.., I]` to `[.., O]`.
    pub fn forward<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Replace<D<O>>, E, B>
    where
        S: EndsWith<D<I>>,
    {
        let dims = x.dims();
        let rows = dims[..dims.len() - 1].iter().product();
        let out = [&dims[..dims.len() - 1], &[O]].concat();
        let x = B::reshape(x.prim(), &[rows, I]);
        let y = B::matmul(&x, &B::permute(self.weight.prim(), &[1, 0]));
        let bias = B::expand(self.bias.prim(), &[rows, O]);
        let y = B::map(crate::ops::elementwise::Add, [&y, &bias]);
        let y = B::reshape(&y, &out);
        B::layer_output(self.weight.prim(), &y);
        Tensor::typed(y)
    }
}

impl<S, const I: usize, const O: usize, B: Backend, E: Float> Forward<Tensor<S, E, B>>
    for Linear<I, O, B, E>
where
    S: EndsWith<D<I>>,
{
    type Output = Tensor<S::Replace<D<O>>, E, B>;
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        self.forward(x)
    }
}
