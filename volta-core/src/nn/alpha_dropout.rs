//! Dropout that keeps mean and variance.

use volta_macros::elementwise;

use super::{Dropout, Forward, Mapper, Module, Path, Visitor, VisitorMut};
use crate::backend::Backend;
use crate::dtype::Float;
use crate::random::Rng;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// What [`Selu`](super::Selu) tends to far below 0.
const LEAST: f64 = -1.758_099_340_847_376_6;

/// `a x + b`.
#[elementwise(compiled)]
fn scale_and_shift(x: Float, a: f64, b: f64) -> Float {
    a * x + b
}

/// Dropout for [`Selu`](super::Selu): in training every element becomes its least value with
/// probability `p`, and all are then scaled and shifted so that a mean of 0 and a variance of 1 stay;
/// in use, the identity (Klambauer et al., 2017; `torch.nn.AlphaDropout`).
///
/// It has a stream of random numbers as [`Dropout`] has.
///
/// ```
/// use volta::prelude::*;
///
/// let mut drop = AlphaDropout::new(0.2, &mut Rng::seed(0));
/// let x: Tensor<s![8, 4]> = Tensor::ones();
/// assert_ne!(drop.forward(&x).to_vec(), x.to_vec());
/// Module::<Cpu>::eval(&mut drop);
/// assert_eq!(drop.forward(&x).to_vec(), x.to_vec());
/// ```
#[derive(Clone, Debug)]
pub struct AlphaDropout(Dropout);

impl AlphaDropout {
    /// Drops with probability `p`; its random numbers are a fork of `rng`.
    ///
    /// # Panics
    /// If `p` is not between 0 and 1.
    #[track_caller]
    pub fn new(p: f64, rng: &mut Rng) -> Self {
        AlphaDropout(Dropout::new(p, rng))
    }

    /// The probability.
    pub fn p(&self) -> f64 {
        self.0.p()
    }

    /// Whether it drops.
    pub fn training(&self) -> bool {
        self.0.training()
    }

    /// Any shape, and the same one back.
    pub fn forward<S: Shape, E: Float, B: Backend>(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B> {
        let p = self.p();
        if !self.training() || p == 0.0 {
            return x.clone();
        }
        // With nothing kept there is nothing to scale.
        let a = match p < 1.0 {
            true => ((1.0 - p) * (1.0 + p * LEAST * LEAST)).powf(-0.5),
            false => 0.0,
        };
        let b = -a * LEAST * p;
        let (device, dims) = (x.device(), x.dims());
        let drops = self.0.draw::<B>(&device, dims);
        let kept = B::map(ScaleAndShift { a, b }, [x.prim()]);
        let dropped = B::full(&device, E::from_f64(a * LEAST + b), dims);
        Tensor::from_prim(x.shape(), B::select(&drops, &dropped, &kept))
    }
}

impl<S: Shape, E: Float, B: Backend> Forward<Tensor<S, E, B>> for AlphaDropout {
    type Output = Tensor<S, E, B>;
    fn forward(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B> {
        self.forward(x)
    }
}

#[diagnostic::do_not_recommend]
impl<B: Backend> Module<B> for AlphaDropout {
    type On<B2: Backend> = AlphaDropout;
    const PARAMETERS: usize = 0;

    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        Module::<B>::visit(&self.0, path, visitor);
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        Module::<B>::visit_mut(&mut self.0, path, visitor);
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        path: &mut Path,
        mapper: &mut M,
    ) -> Result<AlphaDropout, M::Error> {
        Module::<B>::map(&self.0, path, mapper).map(AlphaDropout)
    }
    fn same(on: AlphaDropout) -> Self {
        on
    }
}
