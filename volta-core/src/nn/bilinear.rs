//! The bilinear map.

use super::{Forward, Init, Param, initial};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::ops::elementwise::Add;
use crate::random::Rng;
use crate::shape::{D, EndsWith, runtime};
use crate::tensor::{Tensor, fits};

/// `y[o] = x1^T W[o] x2 + b[o]`: from `[.., I1]` and `[.., I2]` to `[.., O]` (`torch.nn.Bilinear`).
///
/// `weight` is `[O, I1, I2]` and `bias` is `[O]`, both drawn from the uniform distribution between
/// `-1 / sqrt(I1)` and `1 / sqrt(I1)`, as in PyTorch.
///
/// ```
/// use volta::prelude::*;
///
/// let layer: Bilinear<3, 4, 2> = Bilinear::init(&mut Rng::seed(0));
/// let x1: Tensor<s![8, 3]> = Tensor::zeros();
/// let x2: Tensor<s![8, 4]> = Tensor::zeros();
/// let y: Tensor<s![8, 2]> = layer.forward(&x1, &x2);
/// assert_eq!(y[[5, 1]], layer.bias[[1]]);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct Bilinear<
    const I1: usize,
    const I2: usize,
    const O: usize,
    B: Backend = Cpu,
    E: Float = f32,
> {
    /// `[O, I1, I2]`.
    pub weight: Param<(D<O>, D<I1>, D<I2>), E, B>,
    /// `[O]`.
    pub bias: Param<(D<O>,), E, B>,
}

#[diagnostic::do_not_recommend]
impl<const I1: usize, const I2: usize, const O: usize, B: Backend, E: Float> Init<B>
    for Bilinear<I1, I2, O, B, E>
{
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        let bound = initial::fan_in_bound(I1);
        Bilinear {
            weight: initial::uniform((D, D, D), bound, device, rng).into(),
            bias: initial::uniform((D,), bound, device, rng).into(),
        }
    }
}

impl<const I1: usize, const I2: usize, const O: usize, B: Backend, E: Float>
    Bilinear<I1, I2, O, B, E>
{
    /// `[.., I1]` and `[.., I2]` to `[.., O]`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn forward<S>(
        &self,
        x1: &Tensor<S, E, B>,
        x2: &Tensor<S::Replace<D<I2>>, E, B>,
    ) -> Tensor<S::Replace<D<O>>, E, B>
    where
        S: EndsWith<D<I1>>,
    {
        let (dims, others) = (x1.dims(), x2.dims());
        let leading = &dims[..dims.len() - 1];
        fits(runtime::equal(
            "bilinear",
            leading,
            &others[..leading.len()],
        ));
        let n = leading.iter().product();
        let out = [leading, &[O]].concat();
        let x1 = B::reshape(x1.prim(), &[n, I1]);
        let x2 = B::reshape(x2.prim(), &[n, I2, 1]);
        let weight = B::permute(self.weight.prim(), &[1, 0, 2]);
        let half = B::matmul(&x1, &B::reshape(&weight, &[I1, O * I2]));
        let y = B::matmul(&B::reshape(&half, &[n, O, I2]), &x2);
        let y = B::reshape(&y, &[n, O]);
        let bias = B::expand(self.bias.prim(), &[n, O]);
        (self.weight).gives(B::reshape(&B::map(Add, [&y, &bias]), &out))
    }
}

/// Of a pair of inputs.
impl<S, R, const I1: usize, const I2: usize, const O: usize, B: Backend, E: Float>
    Forward<(Tensor<S, E, B>, Tensor<R, E, B>)> for Bilinear<I1, I2, O, B, E>
where
    S: EndsWith<D<I1>, Replace<D<I2>> = R>,
    R: crate::shape::Shape,
{
    type Output = Tensor<S::Replace<D<O>>, E, B>;
    #[track_caller]
    fn forward(&self, (x1, x2): &(Tensor<S, E, B>, Tensor<R, E, B>)) -> Self::Output {
        self.forward(x1, x2)
    }
}
