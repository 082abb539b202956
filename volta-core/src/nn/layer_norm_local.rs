//! Normalisation over the last axis.

use volta_macros::elementwise;

use super::{Forward, Init, Param};
use crate::Module;
use crate::backend::{Backend, Reduce};
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::ops::elementwise as op;
use crate::random::Rng;
use crate::shape::{D, EndsWith};
use crate::tensor::Tensor;

/// `(x - mean) / sqrt(variance + eps) weight + bias` over the last axis (Ba et al., 2016;
/// `torch.nn.LayerNorm`). `weight` starts as 1 and `bias` as 0.
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct LayerNorm<const E: usize, B: Backend = Cpu, El: Float = f32> {
    /// `[E]`.
    pub weight: Param<(D<E>,), El, B>,
    /// `[E]`.
    pub bias: Param<(D<E>,), El, B>,
    /// What is added to the variance.
    #[module(skip)]
    pub eps: f64,
}

#[diagnostic::do_not_recommend]
impl<const E: usize, B: Backend, El: Float> Init<B> for LayerNorm<E, B, El> {
    fn init_on(device: &B::Device, _: &mut Rng) -> Self {
        LayerNorm {
            weight: Tensor::full_on((D,), El::ONE, device).into(),
            bias: Tensor::full_on((D,), El::ZERO, device).into(),
            eps: 1e-5,
        }
    }
}

/// From the difference to the mean and the sum of its squares.
#[elementwise(compiled)]
fn normalised(x: Float, squares: Float, weight: Float, bias: Float, n: f64, eps: f64) -> Float {
    x / sqrt(squares / n + eps) * weight + bias
}

fn normalise<E: Float, B: Backend>(
    x: &B::Prim<E>,
    weight: &B::Prim<E>,
    bias: &B::Prim<E>,
    eps: f64,
) -> B::Prim<E> {
    if E::KIND.size() == 2 {
        let [x, weight, bias] = [x, weight, bias].map(|x| B::cast::<E, f32>(x));
        return B::cast(&normalise::<f32, B>(&x, &weight, &bias, eps));
    }
    let dims = B::dims(x).to_vec();
    let last = dims.len() - 1;
    let n = dims[last] as f64;
    let sum = B::reduce(Reduce::Sum, x, &[last]);
    let count = B::full(&B::device(x), E::from_f64(n), B::dims(&sum));
    let mean = B::map(op::Div, [&sum, &count]);
    let centred = B::map(op::Sub, [x, &B::expand(&mean, &dims)]);
    let squares = B::reduce(Reduce::Sum, &B::map(op::Square, [&centred]), &[last]);
    let [squares, weight, bias] = [&squares, weight, bias].map(|x| B::expand(x, &dims));
    B::map(Normalised { n, eps }, [&centred, &squares, &weight, &bias])
}

impl<const E: usize, B: Backend, El: Float> LayerNorm<E, B, El> {
    /// `[.., E]`, and the same back.
    pub fn forward<S: EndsWith<D<E>>>(&self, x: &Tensor<S, El, B>) -> Tensor<S, El, B> {
        let (weight, bias) = (self.weight.prim(), self.bias.prim());
        Tensor::from_prim(
            x.shape(),
            normalise::<El, B>(x.prim(), weight, bias, self.eps),
        )
    }
}

impl<S, const E: usize, B: Backend, El: Float> Forward<Tensor<S, El, B>> for LayerNorm<E, B, El>
where
    S: EndsWith<D<E>>,
{
    type Output = Tensor<S, El, B>;
    fn forward(&self, x: &Tensor<S, El, B>) -> Tensor<S, El, B> {
        self.forward(x)
    }
}
