//! Long short-term memory.

use super::step::{self, Kind};
use super::{
    Direction, RecurrentLayers, RecurrentWeights, Unidirectional, recurrent, same_batch, zeros,
};
use crate::Module;
use crate::backend::Backend;
use crate::cpu::Cpu;
use crate::dtype::Float;
use crate::nn::{Dropout, Forward, Init};
use crate::random::Rng;
use crate::shape::{D, Dim, Multiple, Shape};
use crate::tape::Taped;
use crate::tensor::Tensor;

/// The state of an LSTM: `[N, H]` of a cell, `[L, N, H]` of a layer.
#[derive(Clone, Debug)]
pub struct LstmState<S: Shape, E: Float = f32, B: Backend = Cpu> {
    /// The hidden state, which is the output.
    pub h: Tensor<S, E, B>,
    /// The cell.
    pub c: Tensor<S, E, B>,
}

impl<S: Shape, E: Float, B: Backend> LstmState<S, E, B> {
    /// The state to start from, on any device: zeros.
    pub fn zeros_on(shape: S, device: &B::Device) -> Self {
        let zeros = Tensor::full_on(shape, E::ZERO, device);
        LstmState {
            h: zeros.clone(),
            c: zeros,
        }
    }

    /// The same state as a constant on a tape.
    pub fn lift(&self) -> LstmState<S, E, Taped<B>> {
        LstmState {
            h: self.h.lift(),
            c: self.c.lift(),
        }
    }
}

impl<S: Shape, E: Float, B: Backend> LstmState<S, E, Taped<B>> {
    /// The state without its history. No gradient flows through it.
    pub fn detach(&self) -> LstmState<S, E, B> {
        LstmState {
            h: self.h.detach(),
            c: self.c.detach(),
        }
    }
}

recurrent! {
    /// Long short-term memory (Hochreiter and Schmidhuber, 1997; Gers et al., 2000;
    /// `torch.nn.LSTMCell`): with the gates `i`, `f`, `o` and the candidate `g`,
    ///
    /// ```text
    /// i = sigmoid(W_ii x + b_ii + W_hi h + b_hi)
    /// f = sigmoid(W_if x + b_if + W_hf h + b_hf)
    /// g = tanh(W_ig x + b_ig + W_hg h + b_hg)
    /// o = sigmoid(W_io x + b_io + W_ho h + b_ho)
    /// c' = f c + i g
    /// h' = o tanh(c')
    /// ```
    ///
    /// The parameters hold `i`, `f`, `g` and `o` one after the other, as in PyTorch.
    ///
    /// ```
    /// use volta::nn::LstmState;
    /// use volta::prelude::*;
    ///
    /// let cell: LstmCell<3, 5> = LstmCell::init(&mut Rng::seed(0));
    /// let x: Tensor<s![2, 3]> = Tensor::ones();
    /// let mut state: LstmState<s![2, 5]> = LstmState::zeros_on((D, D), &Cpu);
    /// for _ in 0..4 {
    ///     state = cell.forward(&x, &state);
    /// }
    /// let y: &Tensor<s![2, 5]> = &state.h;
    /// ```
    LstmCell,
    /// [`LstmCell`] along sequences `[N, T, I]`: `LAYERS` of them, one after the other, in one
    /// direction or in both (`torch.nn.LSTM`, batch first).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let layer: Lstm<3, 5, 2, Bidirectional> = Lstm::init(&mut Rng::seed(0));
    /// let x: Tensor<s![4, 7, 3]> = Tensor::ones();
    /// let (y, state) = layer.forward(&x);
    /// assert_shape!(y, s![4, 7, 10]);
    /// assert_shape!(state.h, s![4, 4, 5]);
    /// assert_eq!(layer.state_dict().keys().next(), Some("weight_ih_l0"));
    /// ```
    ///
    /// A long sequence is trained in parts (truncated backpropagation through time): the state of
    /// one is the start of the next, without its history.
    ///
    /// ```
    /// use volta::nn::LstmState;
    /// use volta::prelude::*;
    ///
    /// let mut layer: Lstm<3, 5> = Lstm::init(&mut Rng::seed(0));
    /// let mut optimiser = Adam::new(1e-3);
    /// let mut state: LstmState<s![1, 4, 5]> = LstmState::zeros_on((D, D, D), &Cpu);
    /// for _ in 0..3 {
    ///     let part: Tensor<s![4, 7, 3]> = Tensor::ones();
    ///     let ((_, next), grads) = value_and_grad_aux(&layer, |layer| {
    ///         let (y, state) = layer.forward_from(&part.lift(), &state.lift());
    ///         (y.square().mean(), state.detach())
    ///     });
    ///     optimiser.step(&mut layer, &grads);
    ///     state = next;
    /// }
    /// ```
    Lstm;
    rows: Multiple<4, H>, kind: |_this| Kind::Lstm, option: {}
}

impl<const I: usize, const H: usize, B: Backend, E: Float> LstmCell<I, H, B, E> {
    /// The next state, of `[N, H]`, from an input `[N, I]` and a state.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[track_caller]
    pub fn forward<N: Dim>(
        &self,
        x: &Tensor<(N, D<I>), E, B>,
        state: &LstmState<(N, D<H>), E, B>,
    ) -> LstmState<(N, D<H>), E, B> {
        same_batch("lstm_cell", x.dims(), state.h.dims());
        same_batch("lstm_cell", x.dims(), state.c.dims());
        let states = [state.h.prim().clone(), state.c.prim().clone()];
        let states = step::cell(self.kind(), self.weights.prims(), x.prim(), &states);
        next(states)
    }
}

fn next<S: Shape, E: Float, B: Backend>(states: Vec<B::Prim<E>>) -> LstmState<S, E, B> {
    let Ok([h, c]) = <[_; 2]>::try_from(states) else {
        unreachable!("a hidden state and a cell")
    };
    LstmState {
        h: Tensor::typed(h),
        c: Tensor::typed(c),
    }
}

impl<const I: usize, const H: usize, const LAYERS: usize, Dir, B, E> Lstm<I, H, LAYERS, Dir, B, E>
where
    Dir: Direction<H, LAYERS>,
    B: Backend,
    E: Float,
{
    /// From `[N, T, I]` to `[N, T, H]` and the last states, of `[L, N, H]`, starting from 0.
    #[allow(clippy::type_complexity)]
    pub fn forward<N: Dim, T: Dim>(
        &self,
        x: &Tensor<(N, T, D<I>), E, B>,
    ) -> (
        Tensor<(N, T, Dir::Out), E, B>,
        LstmState<(Dir::States, N, D<H>), E, B>,
    ) {
        let zeros = zeros::<E, B>(x.prim(), &Self::states(x.dims()[0]));
        self.forward_from(x, &next(vec![zeros.clone(), zeros]))
    }

    /// [`forward`](Self::forward) from given states, of `[L, N, H]`.
    ///
    /// # Panics
    /// If sizes known at run time differ.
    #[allow(clippy::type_complexity)]
    #[track_caller]
    pub fn forward_from<N: Dim, T: Dim>(
        &self,
        x: &Tensor<(N, T, D<I>), E, B>,
        state: &LstmState<(Dir::States, N, D<H>), E, B>,
    ) -> (
        Tensor<(N, T, Dir::Out), E, B>,
        LstmState<(Dir::States, N, D<H>), E, B>,
    ) {
        same_batch("lstm", x.dims(), state.h.dims());
        same_batch("lstm", x.dims(), state.c.dims());
        let states = [state.h.prim().clone(), state.c.prim().clone()];
        let (y, states) = self.run(x.prim(), &states);
        (Tensor::typed(y), next(states))
    }
}

impl<N, T, const I: usize, const H: usize, const LAYERS: usize, Dir, B, E>
    Forward<Tensor<(N, T, D<I>), E, B>> for Lstm<I, H, LAYERS, Dir, B, E>
where
    N: Dim,
    T: Dim,
    Dir: Direction<H, LAYERS>,
    B: Backend,
    E: Float,
{
    type Output = (
        Tensor<(N, T, Dir::Out), E, B>,
        LstmState<(Dir::States, N, D<H>), E, B>,
    );
    fn forward(&self, x: &Tensor<(N, T, D<I>), E, B>) -> Self::Output {
        self.forward(x)
    }
}
