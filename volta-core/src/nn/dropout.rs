//! Dropout.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Forward, Mapper, Module, Path, Visitor, VisitorMut};
use crate::backend::Backend;
use crate::dtype::Float;
use crate::ops::elementwise::{Lt, Mul};
use crate::random::Rng;
use crate::shape::Shape;
use crate::tensor::Tensor;

/// In training every element becomes 0 with probability `p`, and the others are scaled by
/// `1 / (1 - p)`; in use, the identity (Srivastava et al., 2014; `torch.nn.Dropout`).
///
/// A layer starts in training; [`eval`](Module::eval) and [`train`](Module::train) on the model
/// change that. It has a stream of random numbers of its own: every call drops others, and one
/// seed gives one result. The same layer on a tape or on another device goes on with that stream;
/// a clone has a copy of it.
///
/// ```
/// use volta::prelude::*;
///
/// let mut rng = Rng::seed(0);
/// let mut model = (Linear::<4, 8>::init(&mut rng), Dropout::new(0.5, &mut rng));
/// let x: Tensor<s![2, 4]> = Tensor::ones();
/// let _: Tensor<s![2, 8]> = model.forward(&x);
/// Module::<Cpu>::eval(&mut model);
/// assert_eq!(model.forward(&x).to_vec(), model.0.forward(&x).to_vec());
/// ```
#[derive(Debug)]
pub struct Dropout {
    p: f64,
    training: bool,
    stream: Arc<Mutex<Rng>>,
}

impl Dropout {
    /// Drops with probability `p`; its random numbers are a fork of `rng`.
    ///
    /// # Panics
    /// If `p` is not between 0 and 1.
    #[track_caller]
    pub fn new(p: f64, rng: &mut Rng) -> Self {
        assert!(
            (0.0..=1.0).contains(&p),
            "Dropout: a probability of {p} is not between 0 and 1"
        );
        Dropout {
            p,
            training: true,
            stream: Arc::new(Mutex::new(rng.fork())),
        }
    }

    /// The probability.
    pub fn p(&self) -> f64 {
        self.p
    }

    /// Whether it drops.
    pub fn training(&self) -> bool {
        self.training
    }

    fn rng(&self) -> std::sync::MutexGuard<'_, Rng> {
        // A stream is whole at any moment, so that a panic elsewhere leaves it usable.
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same layer, drawing from the same stream.
    pub(crate) fn shared(&self) -> Self {
        Dropout {
            p: self.p,
            training: self.training,
            stream: self.stream.clone(),
        }
    }

    /// Any shape, and the same one back.
    pub fn forward<S: Shape, E: Float, B: Backend>(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B> {
        Tensor::from_prim(x.shape(), self.prim::<E, B>(x.prim(), x.dims()))
    }

    /// Whether anything is dropped.
    pub(crate) fn drops(&self) -> bool {
        self.training && self.p > 0.0
    }

    /// With another probability.
    pub(crate) fn with_p(self, p: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&p),
            "Dropout: a probability of {p} is not between 0 and 1"
        );
        Dropout { p, ..self }
    }

    /// Drops with one draw for each element of sizes that expand to those of `x`.
    pub(crate) fn prim<E: Float, B: Backend>(&self, x: &B::Prim<E>, dims: &[usize]) -> B::Prim<E> {
        if !self.drops() {
            return x.clone();
        }
        let kept = if self.p < 1.0 {
            E::from_f64(1.0 / (1.0 - self.p))
        } else {
            E::ZERO
        };
        let device = B::device(x);
        let drops = self.draw::<B>(&device, dims);
        let [zero, kept] = [E::ZERO, kept].map(|scale| B::full(&device, scale, dims));
        let scale = B::select(&drops, &zero, &kept);
        B::map(Mul, [x, &B::expand(&scale, B::dims(x))])
    }

    /// Which of so many are dropped by this call.
    pub(super) fn draw<B: Backend>(&self, device: &B::Device, dims: &[usize]) -> B::Prim<bool> {
        // A fork for each call: what a call draws does not depend on the sizes of those before.
        let mut rng = self.rng().fork();
        let uniform = B::uniform::<f32>(device, &mut rng, dims);
        B::test(Lt, [&uniform, &B::full(device, ceil_to_f32(self.p), dims)])
    }
}

/// The smallest f32 that is not below `p`: an f32 is below the one if it is below the other.
fn ceil_to_f32(p: f64) -> f32 {
    let nearest = p as f32;
    if f64::from(nearest) < p {
        nearest.next_up()
    } else {
        nearest
    }
}

impl Clone for Dropout {
    fn clone(&self) -> Self {
        Dropout {
            stream: Arc::new(Mutex::new(self.rng().clone())),
            ..*self
        }
    }
}

impl<S: Shape, E: Float, B: Backend> Forward<Tensor<S, E, B>> for Dropout {
    type Output = Tensor<S, E, B>;
    fn forward(&self, x: &Tensor<S, E, B>) -> Tensor<S, E, B> {
        self.forward(x)
    }
}

#[diagnostic::do_not_recommend]
impl<B: Backend> Module<B> for Dropout {
    type On<B2: Backend> = Dropout;
    const PARAMETERS: usize = 0;

    fn visit<V: Visitor<B>>(&self, path: &mut Path, visitor: &mut V) {
        visitor.random(path, &self.rng());
    }
    fn visit_mut<V: VisitorMut<B>>(&mut self, path: &mut Path, visitor: &mut V) {
        visitor.mode(&mut self.training);
        visitor.random(path, &mut self.rng());
    }
    fn map<B2: Backend, M: Mapper<B, B2>>(
        &self,
        _: &mut Path,
        _: &mut M,
    ) -> Result<Dropout, M::Error> {
        Ok(self.shared())
    }
    fn same(on: Dropout) -> Self {
        on
    }
}
