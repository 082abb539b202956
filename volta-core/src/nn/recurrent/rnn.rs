//! The plain recurrent layer.

use super::step::{self, Kind};
use super::{
    Direction, RecurrentLayers, RecurrentWeights, Unidirectional, one_state, recurrent, same_batch,
    zeros,
};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::{Dropout, Forward, Init};
use crate::random::Rng;
use crate::shape::{D, Dim};
use crate::tensor::Tensor;

/// The function of a plain recurrent layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nonlinearity {
    /// The hyperbolic tangent.
    #[default]
    Tanh,
    /// The rectifier.
    Relu,
}

impl Nonlinearity {
    fn kind(self) -> Kind {
        match self {
            Nonlinearity::Tanh => Kind::Tanh,
            Nonlinearity::Relu => Kind::Relu,
        }
    }
}

recurrent! {
    /// `h' = tanh(W_ih x + b_ih + W_hh h + b_hh)` (Elman, 1990; `torch.nn.RNNCell`).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let cell: RnnCell<3, 5> = RnnCell::init(&mut Rng::seed(0));
    /// let x: Tensor<s![2, 3]> = Tensor::ones();
    /// let mut h: Tensor<s![2, 5]> = Tensor::zeros();
    /// for _ in 0..4 {
    ///     h = cell.forward(&x, &h);
    /// }
    /// ```
    RnnCell,
    /// [`RnnCell`] along sequences `[N, T, I]`: `LAYERS` of them, one after the other, in one
    /// direction or in both (`torch.nn.RNN`, batch first).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let layer: Rnn<3, 5, 2> = Rnn::init(&mut Rng::seed(0));
    /// let x: Tensor<s![2, 7, 3]> = Tensor::ones();
    /// let (y, h) = layer.forward(&x);
    /// assert_shape!(y, s![2, 7, 5]);
    /// assert_shape!(h, s![2, 2, 5]);
    /// ```
    Rnn;
    rows: D<H>, kind: |this| this.nonlinearity.kind(), option: {nonlinearity: Nonlinearity}
}

one_state!(RnnCell "rnn_cell", Rnn "rnn");

impl<const I: usize, const H: usize, B: Backend, E: Float> RnnCell<I, H, B, E> {
    /// With another function than the hyperbolic tangent.
    #[must_use]
    pub fn with_nonlinearity(mut self, nonlinearity: Nonlinearity) -> Self {
        self.nonlinearity = nonlinearity;
        self
    }
}

impl<const I: usize, const H: usize, const LAYERS: usize, Dir, B, E> Rnn<I, H, LAYERS, Dir, B, E>
where
    Dir: Direction<H, LAYERS>,
    B: Backend,
    E: Float,
{
    /// With another function than the hyperbolic tangent.
    #[must_use]
    pub fn with_nonlinearity(mut self, nonlinearity: Nonlinearity) -> Self {
        self.nonlinearity = nonlinearity;
        self
    }
}
