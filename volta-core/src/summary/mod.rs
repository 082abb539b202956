//! What a model is made of, and what it costs.

mod meta;
mod table;

use std::cell::RefCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::rc::Rc;

pub use meta::{Meta, Sizes};

use self::meta::Ledger;
use crate::backend::Backend;
use crate::dtype::{Dtype, Float};
use crate::nn::{Forward, Mapper, Module, Path};
use crate::shape::Shape;
use crate::tensor::Tensor;

/// The layers of a model with parameters, in the order in which they run. It prints as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// The layers.
    pub layers: Vec<Layer>,
    /// Multiply-adds of products of activations, which belong to no layer: those of attention.
    pub other_multiply_adds: u64,
}

/// A layer of a [`Summary`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Layer {
    /// The name of its parameters without the last segment: `layers.0.fc1`.
    pub name: String,
    /// The sizes of what it gave last; `None` if it did not run.
    pub output: Option<Vec<usize>>,
    /// The number of scalars in its parameters.
    pub parameters: usize,
    /// Those that are not frozen.
    pub trainable: usize,
    /// The bytes of its parameters and buffers.
    pub bytes: usize,
    /// Multiplications followed by an addition, of matrix products and convolutions.
    pub multiply_adds: u64,
}

impl Summary {
    /// Of a model that runs as `forward` says, on sizes without elements and in evaluation mode:
    /// nothing is computed, and the model is as it was.
    ///
    /// ```
    /// use volta::prelude::*;
    /// use volta::summary::{Meta, Summary};
    ///
    /// #[derive(Module)]
    /// struct Mlp<B: Backend = Cpu> {
    ///     fc1: Linear<784, 128, B>,
    ///     fc2: Linear<128, 10, B>,
    /// }
    ///
    /// impl<B: Backend> Mlp<B> {
    ///     fn forward<N: Dim>(&self, x: &Tensor<s![N, 784], f32, B>) -> Tensor<s![N, 10], f32, B> {
    ///         self.fc2.forward(&self.fc1.forward(x).relu())
    ///     }
    /// }
    ///
    /// let model: Mlp = Mlp::init(&mut Rng::seed(0));
    /// let summary = Summary::of(&model, |m| m.forward(&Tensor::zeros_on((Dyn(32), D), &Meta)));
    /// assert_eq!(summary.layers[1].output, Some(vec![32, 10]));
    /// assert_eq!(summary.multiply_adds(), 32 * (784 * 128 + 128 * 10));
    /// ```
    ///
    /// # Panics
    /// If `forward` reads an element.
    pub fn of<M: Module<B>, B: Backend, R>(
        model: &M,
        forward: impl FnOnce(&M::On<Meta>) -> R,
    ) -> Self {
        let mut watch = Watch::default();
        let Ok(mut on_meta) = model.map(&mut Path::new(), &mut watch);
        on_meta.eval();
        forward(&on_meta);
        let ledger = watch.ledger.borrow();
        let mut layers = watch.layers;
        for (layer, seen) in layers.iter_mut().zip(&ledger.layers) {
            layer.output.clone_from(&seen.output);
            layer.multiply_adds = seen.multiply_adds;
        }
        let ran = ledger.order.iter().copied();
        let idle = (0..layers.len()).filter(|at| !ledger.order.contains(at));
        Summary {
            layers: ran.chain(idle).map(|at| layers[at].clone()).collect(),
            other_multiply_adds: ledger.other,
        }
    }

    /// The number of scalars in all parameters.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(|layer| layer.parameters).sum()
    }

    /// Those that are not frozen.
    pub fn trainable(&self) -> usize {
        self.layers.iter().map(|layer| layer.trainable).sum()
    }

    /// The bytes of all parameters and buffers.
    pub fn bytes(&self) -> usize {
        self.layers.iter().map(|layer| layer.bytes).sum()
    }

    /// The multiply-adds of all matrix products and convolutions.
    pub fn multiply_adds(&self) -> u64 {
        let of_layers: u64 = self.layers.iter().map(|layer| layer.multiply_adds).sum();
        of_layers + self.other_multiply_adds
    }
}

/// The [`Summary`] of a model that takes `x`, of which only the sizes count.
///
/// ```
/// use volta::prelude::*;
/// use volta::summary;
///
/// let mut rng = Rng::seed(0);
/// let model = (Conv2d::<1, 6, Window<5, 1, 2>>::init(&mut rng), Relu, Flatten, Linear::<4704, 10>::init(&mut rng));
/// let x: Tensor<s![1, 1, 28, 28]> = Tensor::zeros();
/// println!("{}", summary(&model, &x));
/// assert_eq!(summary(&model, &x).multiply_adds(), 6 * 25 * 28 * 28 + 4704 * 10);
/// ```
///
/// A model whose `forward` takes something else is summarised by [`Summary::of`].
pub fn summary<M, B, S, E, B2>(model: &M, x: &Tensor<S, E, B2>) -> Summary
where
    M: Module<B>,
    B: Backend,
    M::On<Meta>: Forward<Tensor<S, E, Meta>>,
    S: Shape,
    E: Dtype,
    B2: Backend,
{
    Summary::of(model, |model| {
        let x = Tensor::<S, E, Meta>::full_on(x.shape(), E::ZERO, &Meta);
        model.forward(&x)
    })
}

/// Puts a model on [`Meta`], and counts its parameters.
#[derive(Default)]
struct Watch {
    layers: Vec<Layer>,
    places: HashMap<String, usize>,
    ledger: Rc<RefCell<Ledger>>,
}

impl Watch {
    /// The layer that a parameter belongs to.
    fn layer(&mut self, path: &Path) -> usize {
        let name = path.name();
        let name = name.rsplit_once('.').map_or("", |(layer, _)| layer);
        if let Some(&place) = self.places.get(name) {
            return place;
        }
        let place = self.layers.len();
        self.places.insert(name.to_owned(), place);
        self.layers.push(Layer {
            name: name.to_owned(),
            output: None,
            parameters: 0,
            trainable: 0,
            bytes: 0,
            multiply_adds: 0,
        });
        self.ledger.borrow_mut().layers.push(Default::default());
        place
    }

    fn tensor<S: Shape, E: Dtype, B: Backend>(
        &mut self,
        path: &Path,
        x: &Tensor<S, E, B>,
    ) -> (usize, Tensor<S, E, Meta>) {
        let layer = self.layer(path);
        self.layers[layer].bytes += x.numel() * E::KIND.size();
        let sizes = Sizes::parameter(x.dims(), &self.ledger, layer);
        (layer, Tensor::from_prim(x.shape(), sizes))
    }
}

impl<B: Backend> Mapper<B, Meta> for Watch {
    type Error = Infallible;

    fn parameter<S: Shape, E: Float>(
        &mut self,
        path: &Path,
        trainable: bool,
        x: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, Meta>, Infallible> {
        let (layer, tensor) = self.tensor(path, x);
        self.layers[layer].parameters += x.numel();
        if trainable && !path.frozen() {
            self.layers[layer].trainable += x.numel();
        }
        Ok(tensor)
    }

    fn buffer<S: Shape, E: Dtype>(
        &mut self,
        path: &Path,
        x: &Tensor<S, E, B>,
    ) -> Result<Tensor<S, E, Meta>, Infallible> {
        Ok(self.tensor(path, x).1)
    }
}
