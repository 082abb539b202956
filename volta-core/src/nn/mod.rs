//! Modules: what a model is made of.

mod adaptive_pool;
mod avg_pool;
mod bias;
mod containers;
mod conv1d;
mod conv2d;
mod conv3d;
mod conv_transpose1d;
mod conv_transpose2d;
mod dropout;
mod flatten;
mod initial;
mod leaf;
mod linear;
mod module;
mod path;
mod pool;
mod upsample;

pub use crate::ops::elementwise::{
    Celu, Elu, Gelu, GeluTanh, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, LeakyRelu, Logsigmoid,
    Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softplus, Softshrink, Softsign, Tanh, Tanhshrink,
};
pub use adaptive_pool::{AdaptiveAvgPool1d, AdaptiveAvgPool2d};
pub use avg_pool::{AvgPool1d, AvgPool2d};
pub use bias::{Bias, BiasKind, NoBias, WithBias};
pub use conv_transpose1d::ConvTranspose1d;
pub use conv_transpose2d::ConvTranspose2d;
pub use conv1d::Conv1d;
pub use conv2d::Conv2d;
pub use conv3d::Conv3d;
pub use dropout::Dropout;
pub use flatten::Flatten;
pub use leaf::Param;
pub use linear::Linear;
pub use pool::{MaxPool1d, MaxPool2d};
pub use upsample::Upsample;

pub use module::{Forward, Init, Mapper, Module, Visitor, VisitorMut};
pub use path::Path;
