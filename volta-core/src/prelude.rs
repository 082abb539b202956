//! What a program that uses volta names: `use volta::prelude::*;`.

pub use crate::backend::{Backend, Device};
pub use crate::cpu::Cpu;
pub use crate::dtype::{Dtype, Float, Num, bf16, f16};
pub use crate::literal::{fuse, tensor};
pub use crate::nn::{
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AlphaDropout, AvgPool1d, AvgPool2d, BatchNorm1d,
    BatchNorm2d, BatchNorm3d, Bidirectional, Bilinear, Celu, Conv1d, Conv2d, Conv3d,
    ConvTranspose1d, ConvTranspose2d, Dropout, Dropout1d, Dropout2d, Dropout3d, Elu, Embedding,
    Flatten, Forward, Gelu, GroupNorm, Gru, GruCell, Hardshrink, Hardsigmoid, Hardswish, Hardtanh,
    Identity, Init, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, LayerNorm, LayerNormOver,
    LeakyRelu, LearnedPositions, Linear, Logsigmoid, Lstm, LstmCell, LstmState, MaxPool1d,
    MaxPool2d, Mish, Module, MultiheadAttention, NoBias, Param, PixelShuffle, PixelUnshuffle, Relu,
    Relu6, Residual, RmsNorm, RmsNormOver, Rnn, RnnCell, Rotary, Selu, Sigmoid, Silu,
    SinusoidalPositions, Softplus, Softshrink, Softsign, Tanh, Tanhshrink, TransformerDecoder,
    TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer, Unidirectional, Upsample,
};
pub use crate::optim::{Adagrad, Adam, AdamW, Lbfgs, Lion, Muon, RmsProp, Sgd};
pub use crate::random::Rng;
pub use crate::schedule::Schedule;
pub use crate::shape::{D, Dim, Dyn, Grouped, One, OutputPad, Shape, StaticShape, Window};
pub use crate::tape::{
    GradcheckError, Taped, Traced, grad, gradcheck, value_and_grad, value_and_grad_aux, vjp,
};
pub use crate::tensor::{Attention, Tensor};
pub use crate::{assert_shape, axes, dims, s, shape_of};
pub use volta_macros::{Module, elementwise};
