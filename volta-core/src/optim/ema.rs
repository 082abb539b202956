//! The running mean of a model.

use std::convert::Infallible;
use std::marker::PhantomData;

use super::keys::{matching, read, typed};
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::{AnyFloat, Dtype, Float};
use crate::nn::{Mapper, Module, Path, VisitorMut};
use crate::shape::Shape;
use crate::tensor::Tensor;
use volta_macros::elementwise;

/// The exponential moving average of the parameters of a model, as
/// `torch.optim.swa_utils.AveragedModel` computes it with `get_ema_multi_avg_fn`:
///
/// ```text
/// average = decay * average + (1 - decay) * model
/// ```
///
/// Everything else of the model, its buffers and its modes, is that of the last update.
///
/// ```
/// use volta::optim::Ema;
/// use volta::prelude::*;
///
/// let mut x: Tensor<s![1]> = Tensor::from_array([1.0]);
/// let mut ema = Ema::new(&x, 0.75);
/// x = Tensor::from_array([2.0]);
/// ema.update(&x);
/// assert_eq!(ema.model().to_vec(), [1.25]);
/// ```
#[derive(Clone, Debug)]
pub struct Ema<M, B: Backend = Cpu> {
    average: M,
    decay: f64,
    backend: PhantomData<B>,
}

impl<M: Module<B>, B: Backend> Ema<M, B> {
    /// Starts from the model as it is, of which `decay` is kept at an update; PyTorch's is 0.999.
    ///
    /// # Panics
    /// If `decay` is not in `[0, 1]`.
    #[track_caller]
    pub fn new(model: &M, decay: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&decay),
            "Ema: a decay of {decay} is not in [0, 1]"
        );
        let (_, parameters) = read(model);
        Ema {
            average: with_parameters(model, parameters),
            decay,
            backend: PhantomData,
        }
    }

    /// Takes the model after a step into the average.
    ///
    /// # Panics
    /// If it has other parameters.
    #[track_caller]
    pub fn update(&mut self, model: &M) {
        let parameters = matching(&self.average, model, |at, here, there| {
            format!(
                "Ema: the model is another than before: parameter {at} was {here}, and is {there}"
            )
        });
        let mut approach = Approach {
            rest: 1.0 - self.decay,
            parameters: parameters.into_iter(),
        };
        self.average.visit_mut(&mut Path::new(), &mut approach);
        let (_, parameters) = read(&self.average);
        self.average = with_parameters(model, parameters);
    }

    /// The average, a model like any other.
    pub fn model(&self) -> &M {
        &self.average
    }

    /// The average, to load a state into it.
    pub fn model_mut(&mut self) -> &mut M {
        &mut self.average
    }

    /// The average.
    pub fn into_model(self) -> M {
        self.average
    }
}

/// `model` with other parameters.
fn with_parameters<M: Module<B>, B: Backend>(model: &M, parameters: Vec<AnyFloat<B>>) -> M {
    let mut replace = Replace(parameters.into_iter());
    let Ok(replaced) = model.map(&mut Path::new(), &mut replace);
    M::same(replaced)
}

struct Replace<B: Backend>(std::vec::IntoIter<AnyFloat<B>>);

impl<B: Backend> Mapper<B, B> for Replace<B> {
    type Error = Infallible;

    fn parameter<S: Shape, E: Float>(
        &mut self,
        _: &Path,
        _: bool,
        x: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B>, Infallible> {
        let prim = typed::<E, B>(self.0.next().expect("as many as the model has"));
        Ok(Tensor::from_prim(x.shape(), prim))
    }

    fn buffer<S: Shape, E: Dtype>(
        &mut self,
        _: &Path,
        x: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, B>, Infallible> {
        Ok(x.clone())
    }
}

struct Approach<B: Backend> {
    rest: f64,
    parameters: std::vec::IntoIter<AnyFloat<B>>,
}

impl<B: Backend> VisitorMut<B> for Approach<B> {
    fn parameter<S: Shape, E: Float>(&mut self, _: &Path, _: &mut bool, x: &mut Tensor<S, E, B>) {
        let end = typed::<E, B>(self.parameters.next().expect("as many as the average has"));
        let op = EmaStep { rest: self.rest };
        B::map_in_place(op, &mut [x.prim_mut()], &[&end]);
    }
    fn buffer<S: Shape, E: Dtype>(&mut self, _: &Path, _: &mut Tensor<S, E, B>) {}
}

#[elementwise(compiled)]
fn ema_step(average: Float, x: Float, rest: f64) -> Float {
    average + rest * (x - average)
}
