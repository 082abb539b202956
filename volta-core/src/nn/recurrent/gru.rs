//! Gated recurrent units.

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
use crate::shape::{D, Dim, Multiple};
use crate::tensor::Tensor;

recurrent! {
    /// A gated recurrent unit (Cho et al., 2014; `torch.nn.GRUCell`): with the reset gate `r`, the
    /// update gate `z` and the candidate `n`,
    ///
    /// ```text
    /// r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)
    /// z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
    /// n = tanh(W_in x + b_in + r (W_hn h + b_hn))
    /// h' = (1 - z) n + z h
    /// ```
    ///
    /// The parameters hold `r`, `z` and `n` one after the other. The reset gate acts after the
    /// product, as in PyTorch.
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let cell: GruCell<3, 5> = GruCell::init(&mut Rng::seed(0));
    /// let x: Tensor<s![2, 3]> = Tensor::ones();
    /// let h: Tensor<s![2, 5]> = cell.forward(&x, &Tensor::zeros());
    /// ```
    GruCell,
    /// [`GruCell`] along sequences `[N, T, I]`: `LAYERS` of them, one after the other, in one
    /// direction or in both (`torch.nn.GRU`, batch first).
    ///
    /// ```
    /// use volta::prelude::*;
    ///
    /// let layer: Gru<3, 5, 1, Bidirectional> = Gru::init(&mut Rng::seed(0));
    /// let x: Tensor<s![2, 7, 3]> = Tensor::ones();
    /// let (y, h) = layer.forward(&x);
    /// assert_shape!(y, s![2, 7, 10]);
    /// assert_shape!(h, s![2, 2, 5]);
    /// ```
    Gru;
    rows: Multiple<3, H>, kind: |_this| Kind::Gru, option: {}
}

one_state!(GruCell "gru_cell", Gru "gru");
