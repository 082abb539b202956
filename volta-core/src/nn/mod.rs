//! Modules: what a model is made of.

mod alpha_dropout;
mod batch_norm;
mod bilinear;
mod containers;
mod conv2d;
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
mod path;
mod pool;
mod running;
mod training;

pub use crate::ops::elementwise::{
    Celu, Elu, Gelu, GeluTanh, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, LeakyRelu, Logsigmoid,
    Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softplus, Softshrink, Softsign, Tanh, Tanhshrink,
};
pub use alpha_dropout::AlphaDropout;
pub use batch_norm::{BatchNorm1d, BatchNorm2d, BatchNorm3d};
pub use bilinear::Bilinear;
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub use dropout_channels::{Dropout1d, Dropout2d, Dropout3d};
pub use embedding::Embedding;
pub use flatten::Flatten;
pub use group_norm::{GroupNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d};
pub use identity::{GivesBack, Identity, Residual};
pub use layer_norm::{LayerNorm, LayerNormOver, RmsNorm, RmsNormOver};
pub use leaf::Param;
pub use linear::Linear;
pub use pool::MaxPool2d;
pub use running::Running;
pub use training::Training;

pub(crate) use module::copy;
pub use module::{Forward, Init, Mapper, Module, Visitor, VisitorMut};
pub use path::Path;
