//! A table of vectors.

use super::{Forward, Init, Param};
use crate::Module;
use crate::backend::{Backend, Meet};
use crate::cpu::Cpu;
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise::Eq;
use crate::random::Rng;
use crate::shape::{D, EndsWith, Insert};
use crate::tensor::Tensor;

/// A table of `V` vectors of size `W`, looked up by number: from whole numbers `[..]` to
/// `[.., W]` (`torch.nn.Embedding`).
///
/// `weight` is `[V, W]`, drawn from the normal distribution with mean 0 and deviation 1, as in
/// PyTorch. The gradient goes to the vectors looked up.
///
/// ```
/// use volta::prelude::*;
///
/// let words: Embedding<100, 16> = Embedding::init(&mut Rng::seed(0));
/// let text: Tensor<s![2, 5], i64> = Tensor::from_array([[3, 1, 4, 1, 5], [9, 2, 6, 5, 3]]);
/// let x: Tensor<s![2, 5, 16]> = words.forward(&text);
/// assert_eq!(x[[1, 0, 7]], words.weight[[9, 7]]);
/// ```
#[derive(Clone, Debug, Module)]
#[module(do_not_recommend)]
#[module(no_init)]
pub struct Embedding<const V: usize, const W: usize, B: Backend = Cpu, E: Float = f32> {
    /// `[V, W]`.
    pub weight: Param<(D<V>, D<W>), E, B>,
    #[module(skip)]
    padding_idx: Option<usize>,
}

#[diagnostic::do_not_recommend]
impl<const V: usize, const W: usize, B: Backend, E: Float> Init<B> for Embedding<V, W, B, E> {
    fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
        Embedding::from_weight(Tensor::randn_on((D, D), rng, device))
    }
}

impl<const V: usize, const W: usize, B: Backend, E: Float> Embedding<V, W, B, E> {
    /// A layer with this table.
    pub fn from_weight(weight: Tensor<(D<V>, D<W>), E, B>) -> Self {
        Embedding {
            weight: weight.into(),
            padding_idx: None,
        }
    }

    /// With a vector that stands for nothing, as a text is filled up with: it becomes zero, and gets
    /// no gradient.
    ///
    /// # Panics
    /// If it is not below `V`.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let words: Embedding<10, 2> = Embedding::init(&mut Rng::seed(0)).with_padding_idx(0);
    /// let text: Tensor<s![3], i64> = Tensor::from_array([0, 7, 0]);
    /// let slope = grad(&words, |words| words.forward(&text).sum());
    /// assert_eq!(words.forward(&text).to_vec()[..2], [0.0, 0.0]);
    /// assert_eq!(slope.weight.to_vec()[..2], [0.0, 0.0]);
    /// assert_eq!(slope.weight[[7, 1]], 1.0);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn with_padding_idx(mut self, index: usize) -> Self {
        assert!(
            index < V,
            "Embedding: a padding index of {index}, and there are {V} vectors, from 0 on"
        );
        self.padding_idx = Some(index);
        let device = self.weight.device();
        let is_padding = (0..V).map(|i| i == index).collect();
        let mask = B::from_vec(&device, is_padding, &[V, 1]);
        let zero = B::full(&device, E::ZERO, &[V, W]);
        let weight = B::select(&B::expand(&mask, &[V, W]), &zero, self.weight.prim());
        *self.weight = Tensor::from_prim((D, D), weight);
        self
    }

    /// The vector that stands for nothing.
    pub fn padding_idx(&self) -> Option<usize> {
        self.padding_idx
    }

    /// `[..]` to `[.., W]`.
    ///
    /// # Panics
    /// If a number is not below `V`. A device says so only when something is read.
    #[track_caller]
    pub fn forward<S, B2>(&self, index: &Tensor<S, i64, B2>) -> Tensor<S::Inserted<D<W>>, E, B>
    where
        S: Insert<-1>,
        B: Meet<B2, Out = B>,
        B2: Backend,
    {
        let out = [index.dims(), &[W]].concat();
        let n = index.numel();
        let index = B::reshape(&B::right(index.prim()), &[n]);
        let mut rows = rows::<E, B>(self.weight.prim(), &index);
        if let Some(padding) = self.padding_idx {
            let padding = B::full(&B::device(&index), padding as i64, &[n]);
            let mask = B::reshape(&B::test(Eq, [&index, &padding]), &[n, 1]);
            let constant = B::from_ground(&B::ground(&rows));
            rows = B::select(&B::expand(&mask, &[n, W]), &constant, &rows);
        }
        self.weight.gives(B::reshape(&rows, &out))
    }

    /// The products with every vector of the table, without a bias: from `[.., W]` to `[.., V]`.
    ///
    /// This ties the last layer of a language model to its first: there is one parameter, whose
    /// gradient is that of both uses, and which a state dict has once.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// #[derive(Module)]
    /// struct Model<B: Backend = Cpu> {
    ///     words: Embedding<100, 16, B>,
    ///     body: Linear<16, 16, B>,
    /// }
    ///
    /// impl<B: Backend> Model<B> {
    ///     fn forward<N: Dim>(&self, text: &Tensor<s![N], i64>) -> Tensor<s![N, 100], f32, B>
    ///     where
    ///         B: volta::backend::Meet<Cpu, Out = B>,
    ///     {
    ///         self.words.unembed(&self.body.forward(&self.words.forward(text)))
    ///     }
    /// }
    ///
    /// let model: Model = Init::init(&mut Rng::seed(0));
    /// let text: Tensor<s![3], i64> = Tensor::from_array([1, 2, 3]);
    /// let grads = grad(&model, |model| model.forward(&text).sum());
    /// assert_ne!(grads.words.weight[[99, 0]], 0.0);
    /// ```
    pub fn unembed<S>(&self, x: &Tensor<S, E, B>) -> Tensor<S::Replace<D<V>>, E, B>
    where
        S: EndsWith<D<W>>,
    {
        let (leading, _) = x.dims().split_at(x.dims().len() - 1);
        let rows = B::reshape(x.prim(), &[leading.iter().product(), W]);
        let y = B::matmul(&rows, &B::permute(self.weight.prim(), &[1, 0]));
        Tensor::typed(B::reshape(&y, &[leading, &[V]].concat()))
    }
}

/// Rows of a table, by number.
#[track_caller]
fn rows<E: Dtype, B: Backend>(table: &B::Prim<E>, index: &B::Prim<i64>) -> B::Prim<E> {
    let (n, width) = (B::dims(index)[0], B::dims(table)[1]);
    let index = B::expand(&B::reshape(index, &[n, 1]), &[n, width]);
    B::gather(table, 0, &index)
}

impl<S, B2, const V: usize, const W: usize, B, E> Forward<Tensor<S, i64, B2>>
    for Embedding<V, W, B, E>
where
    S: Insert<-1>,
    B: Meet<B2, Out = B>,
    B2: Backend,
    E: Float,
{
    type Output = Tensor<S::Inserted<D<W>>, E, B>;
    #[track_caller]
    fn forward(&self, index: &Tensor<S, i64, B2>) -> Self::Output {
        self.forward(index)
    }
}
