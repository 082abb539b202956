//! Modules: what a model is made of.

mod containers;
mod conv2d;
mod dropout;
mod flatten;
mod initial;
mod layer_norm_local;
mod leaf;
mod linear;
mod module;
mod multihead_attention;
mod path;
mod pool;
mod positions;
mod recurrent;
mod transformer;

pub use crate::ops::elementwise::{
    Celu, Elu, Gelu, GeluTanh, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, LeakyRelu, Logsigmoid,
    Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softplus, Softshrink, Softsign, Tanh, Tanhshrink,
};
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub use flatten::Flatten;
pub use layer_norm_local::LayerNorm;
pub use leaf::Param;
pub use linear::Linear;
pub use multihead_attention::MultiheadAttention;
pub use pool::MaxPool2d;
pub use positions::{LearnedPositions, Rotary, RotaryPairs, SinusoidalPositions};
pub use recurrent::{
    Bidirectional, Direction, Gru, GruCell, Lstm, LstmCell, LstmState, Nonlinearity,
    RecurrentLayers, RecurrentWeights, Rnn, RnnCell, Unidirectional,
};
pub use transformer::{
    TransformerActivation, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder,
    TransformerEncoderLayer,
};

pub use module::{Forward, Init, Mapper, Module, Visitor, VisitorMut};
pub use path::Path;
