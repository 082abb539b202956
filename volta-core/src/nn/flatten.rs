//! Everything but the batch in one axis.

use super::Forward;
use crate::Module;
use crate::backend::Backend;
use crate::dtype::Dtype;
use crate::shape;
use crate::tensor::Tensor;

/// `[N, ..]` to `[N, product of the others]` (`torch.nn.Flatten`). Copies nothing if the elements
/// lie in order.
///
/// ```
/// use volta::prelude::*;
///
/// let x: Tensor<s![8, 16, 5, 5]> = Tensor::zeros();
/// let y: Tensor<s![8, 400]> = Flatten.forward(&x);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Module)]
#[module(do_not_recommend)]
pub struct Flatten;

impl Flatten {
    /// `[N, ..]` to `[N, product of the others]`.
    pub fn forward<S, E, B>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Out, E, B>
    where
        S: shape::Flatten<1, -1>,
        E: Dtype,
        B: Backend,
    {
        x.flatten::<1, -1>()
    }
}

impl<S, E, B> Forward<Tensor<S, E, B>> for Flatten
where
    S: shape::Flatten<1, -1>,
    E: Dtype,
    B: Backend,
{
    type Output = Tensor<S::Out, E, B>;
    fn forward(&self, x: &Tensor<S, E, B>) -> Self::Output {
        x.flatten::<1, -1>()
    }
}
