//! Modules: what a model is made of.

mod adaptive_pool;
mod alpha_dropout;
mod avg_pool;
mod batch_norm;
mod bias;
mod bilinear;
mod containers;
mod conv1d;
mod conv2d;
mod conv3d;
mod conv_transpose1d;
mod conv_transpose2d;
mod dropout;
mod dropout_channels;
mod embedding;
mod flatten;
mod group_norm;
mod identity;
mod initial;
mod layer_norm;
mod leaf;
mod linear;
mod module;
mod multihead_attention;
mod path;
mod pixel_shuffle;
mod pool;
mod positions;
mod recurrent;
mod running;
mod training;
mod transformer;
mod upsample;

pub use crate::ops::elementwise::{
    Celu, Elu, Gelu, GeluTanh, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, LeakyRelu, Logsigmoid,
    Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softplus, Softshrink, Softsign, Tanh, Tanhshrink,
};
pub use adaptive_pool::{AdaptiveAvgPool1d, AdaptiveAvgPool2d};
pub use alpha_dropout::AlphaDropout;
pub use avg_pool::{AvgPool1d, AvgPool2d};
pub use batch_norm::{BatchNorm1d, BatchNorm2d, BatchNorm3d};
pub use bias::{Bias, BiasKind, NoBias, WithBias};
pub use bilinear::Bilinear;
pub use conv_transpose1d::ConvTranspose1d;
pub use conv_transpose2d::ConvTranspose2d;
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub use conv3d::Conv3d;
pub use dropout::Dropout;
pub use dropout_channels::{Dropout1d, Dropout2d, Dropout3d};
pub use embedding::Embedding;
pub use flatten::Flatten;
pub use group_norm::{GroupNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d};
pub use identity::{GivesBack, Identity, Residual};
pub use layer_norm::{LayerNorm, LayerNormOver, RmsNorm, RmsNormOver};
pub use leaf::Param;
pub use linear::Linear;
pub use multihead_attention::MultiheadAttention;
pub use pixel_shuffle::{PixelShuffle, PixelUnshuffle};
pub use pool::{MaxPool1d, MaxPool2d};
pub use positions::{LearnedPositions, Rotary, RotaryPairs, SinusoidalPositions};
pub use recurrent::{
    Bidirectional, Direction, Gru, GruCell, Lstm, LstmCell, LstmState, Nonlinearity,
    RecurrentLayers, RecurrentWeights, Rnn, RnnCell, Unidirectional,
};
pub use running::Running;
pub use training::Training;
pub use transformer::{
    TransformerActivation, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder,
    TransformerEncoderLayer,
};
pub use upsample::Upsample;

pub(crate) use module::copy;
pub use module::{Forward, Init, Mapper, Module, Visitor, VisitorMut};
pub use path::Path;
