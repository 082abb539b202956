//! Recurrent layers: the plain one, GRU and LSTM, and their cells.

mod direction;
mod gru;
mod lstm;
mod rnn;
mod step;
mod weights;

pub use direction::{Bidirectional, Direction, Unidirectional};
pub use gru::{Gru, GruCell};
pub use lstm::{Lstm, LstmCell, LstmState};
pub use rnn::{Nonlinearity, Rnn, RnnCell};
pub use weights::{RecurrentLayers, RecurrentWeights};

use crate::backend::Backend;
use crate::dtype::Dtype;

/// Checks that a state belongs to a batch of this size.
#[track_caller]
fn same_batch(op: &str, x: &[usize], state: &[usize]) {
    let [n, states] = [x[0], state[state.len() - 2]];
    assert!(
        n == states,
        "{op}: a batch of {n} (input {x:?}) and a state of {states} (state {state:?})"
    );
}

fn zeros<E: Dtype, B: Backend>(x: &B::Prim<E>, dims: &[usize]) -> B::Prim<E> {
    B::full(&B::device(x), E::ZERO, dims)
}

/// The layer and the cell of one kind: what all kinds have in common.
macro_rules! recurrent {
    (
        $(#[$cell_doc:meta])*
        $Cell:ident,
        $(#[$layer_doc:meta])*
        $Layer:ident;
        rows: $Rows:ty, kind: |$this:ident| $kind:expr, option: {$($option:ident: $Option:ty)?}
    ) => {
        $(#[$cell_doc])*
        #[derive(Clone, Debug, Module)]
        #[module(do_not_recommend)]
        #[module(no_init)]
        pub struct $Cell<const I: usize, const H: usize, B: Backend = Cpu, E: Float = f32> {
            /// `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh`.
            #[module(flatten)]
            pub weights: RecurrentWeights<$Rows, D<I>, H, B, E>,
            $(#[module(skip)] $option: $Option,)?
        }

        #[diagnostic::do_not_recommend]
        impl<const I: usize, const H: usize, B: Backend, E: Float> Init<B> for $Cell<I, H, B, E> {
            fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
                $Cell {
                    weights: Init::init_on(device, rng),
                    $($option: <$Option>::default(),)?
                }
            }
        }

        impl<const I: usize, const H: usize, B: Backend, E: Float> $Cell<I, H, B, E> {
            fn kind(&self) -> Kind {
                let $this = self;
                $kind
            }
        }

        $(#[$layer_doc])*
        #[derive(Clone, Debug, Module)]
        #[module(do_not_recommend)]
        #[module(no_init)]
        pub struct $Layer<
            const I: usize,
            const H: usize,
            const LAYERS: usize = 1,
            Dir: Direction<H, LAYERS> = Unidirectional,
            B: Backend = Cpu,
            E: Float = f32,
        > {
            /// The parameters by layer and direction.
            #[module(flatten)]
            pub layers: RecurrentLayers<$Rows, I, H, LAYERS, Dir, B, E>,
            /// What is dropped between layers in training.
            pub dropout: Dropout,
            $(#[module(skip)] $option: $Option,)?
        }

        #[diagnostic::do_not_recommend]
        impl<const I: usize, const H: usize, const LAYERS: usize, Dir, B, E> Init<B>
            for $Layer<I, H, LAYERS, Dir, B, E>
        where
            Dir: Direction<H, LAYERS>,
            B: Backend,
            E: Float,
        {
            fn init_on(device: &B::Device, rng: &mut Rng) -> Self {
                $Layer {
                    layers: Init::init_on(device, rng),
                    dropout: Dropout::new(0.0, rng),
                    $($option: <$Option>::default(),)?
                }
            }
        }

        impl<const I: usize, const H: usize, const LAYERS: usize, Dir, B, E>
            $Layer<I, H, LAYERS, Dir, B, E>
        where
            Dir: Direction<H, LAYERS>,
            B: Backend,
            E: Float,
        {
            /// In training, outputs of each layer but the last are dropped with probability `p`.
            ///
            /// # Panics
            /// If `p` is not between 0 and 1.
            #[must_use]
            #[track_caller]
            pub fn with_dropout(mut self, p: f64) -> Self {
                self.dropout = self.dropout.with_p(p);
                self
            }

            fn kind(&self) -> Kind {
                let $this = self;
                $kind
            }

            /// The sizes of the states for a batch of `n`.
            fn states(n: usize) -> [usize; 3] {
                [LAYERS * Dir::COUNT, n, H]
            }

            fn run(
                &self,
                x: &B::Prim<E>,
                states: &[B::Prim<E>],
            ) -> (B::Prim<E>, Vec<B::Prim<E>>) {
                let weights = self.layers.prims();
                step::layers(self.kind(), &weights, Dir::COUNT, x, states, &self.dropout)
            }
        }
    };
}
use recurrent;

/// The layers whose state is one tensor.
macro_rules! one_state {
    ($Cell:ident $cell:literal, $Layer:ident $layer:literal) => {
        impl<const I: usize, const H: usize, B: Backend, E: Float> $Cell<I, H, B, E> {
            /// The next state, `[N, H]`, from an input `[N, I]` and a state.
            ///
            /// # Panics
            /// If sizes known at run time differ.
            #[track_caller]
            pub fn forward<N: Dim>(
                &self,
                x: &Tensor<(N, D<I>), E, B>,
                h: &Tensor<(N, D<H>), E, B>,
            ) -> Tensor<(N, D<H>), E, B> {
                same_batch($cell, x.dims(), h.dims());
                let h = [h.prim().clone()];
                let mut states = step::cell(self.kind(), self.weights.prims(), x.prim(), &h);
                Tensor::typed(states.remove(0))
            }
        }

        impl<const I: usize, const H: usize, const LAYERS: usize, Dir, B, E>
            $Layer<I, H, LAYERS, Dir, B, E>
        where
            Dir: Direction<H, LAYERS>,
            B: Backend,
            E: Float,
        {
            /// From `[N, T, I]` to `[N, T, H]` and the last states, `[L, N, H]`, starting from 0.
            pub fn forward<N: Dim, T: Dim>(
                &self,
                x: &Tensor<(N, T, D<I>), E, B>,
            ) -> (
                Tensor<(N, T, Dir::Out), E, B>,
                Tensor<(Dir::States, N, D<H>), E, B>,
            ) {
                let dims = Self::states(x.dims()[0]);
                let zeros = zeros::<E, B>(x.prim(), &dims);
                self.forward_from(x, &Tensor::typed(zeros))
            }

            /// [`forward`](Self::forward) from given states, `[L, N, H]`.
            ///
            /// # Panics
            /// If sizes known at run time differ.
            #[track_caller]
            pub fn forward_from<N: Dim, T: Dim>(
                &self,
                x: &Tensor<(N, T, D<I>), E, B>,
                h: &Tensor<(Dir::States, N, D<H>), E, B>,
            ) -> (
                Tensor<(N, T, Dir::Out), E, B>,
                Tensor<(Dir::States, N, D<H>), E, B>,
            ) {
                same_batch($layer, x.dims(), h.dims());
                let (y, mut states) = self.run(x.prim(), &[h.prim().clone()]);
                (Tensor::typed(y), Tensor::typed(states.remove(0)))
            }
        }

        impl<N, T, const I: usize, const H: usize, const LAYERS: usize, Dir, B, E>
            Forward<Tensor<(N, T, D<I>), E, B>> for $Layer<I, H, LAYERS, Dir, B, E>
        where
            N: Dim,
            T: Dim,
            Dir: Direction<H, LAYERS>,
            B: Backend,
            E: Float,
        {
            type Output = (
                Tensor<(N, T, Dir::Out), E, B>,
                Tensor<(Dir::States, N, D<H>), E, B>,
            );
            fn forward(&self, x: &Tensor<(N, T, D<I>), E, B>) -> Self::Output {
                self.forward(x)
            }
        }
    };
}
use one_state;
