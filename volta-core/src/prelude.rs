//! What a program that uses volta names: `use volta::prelude::*;`.

pub use crate::backend::{Backend, Device};
pub use crate::cpu::Cpu;
pub use crate::dtype::{Dtype, Float, Num, bf16, f16};
pub use crate::literal::{fuse, tensor};
pub use crate::nn::{
    Bidirectional, Celu, Conv2d, Dropout, Elu, Flatten, Forward, Gelu, Gru, GruCell, Hardshrink,
    Hardsigmoid, Hardswish, Hardtanh, Init, LayerNorm, LeakyRelu, LearnedPositions, Linear,
    Logsigmoid, Lstm, LstmCell, LstmState, MaxPool2d, Mish, Module, MultiheadAttention, Param,
    Relu, Relu6, Rnn, RnnCell, Rotary, Selu, Sigmoid, Silu, SinusoidalPositions, Softplus,
    Softshrink, Softsign, Tanh, Tanhshrink, TransformerDecoder, TransformerDecoderLayer,
    TransformerEncoder, TransformerEncoderLayer, Unidirectional,
};
pub use crate::optim::{Adagrad, Adam, AdamW, Lion, RmsProp, Sgd};
pub use crate::random::Rng;
pub use crate::schedule::Schedule;
pub use crate::shape::{D, Dim, Dyn, One, Shape, StaticShape, Window};
pub use crate::tape::{
    GradcheckError, Taped, Traced, grad, gradcheck, value_and_grad, value_and_grad_aux, vjp,
};
pub use crate::tensor::{Attention, Tensor};
pub use crate::{assert_shape, axes, dims, s, shape_of};
pub use volta_macros::{Module, elementwise};
