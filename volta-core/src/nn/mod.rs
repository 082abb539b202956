//! Modules: what a model is made of.

mod containers;
mod conv2d;
mod dropout;
mod flatten;
mod initial;
mod leaf;
mod linear;
mod module;
mod path;
mod pool;

pub use crate::ops::elementwise::{
    Celu, Elu, Gelu, GeluTanh, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, LeakyRelu, Logsigmoid,
    Mish, Relu, Relu6, Selu, Sigmoid, Silu, Softplus, Softshrink, Softsign, Tanh, Tanhshrink,
};
pub use conv2d::Conv2d;
pub use dropout::Dropout;
pub use flatten::Flatten;
pub use leaf::Param;
pub use linear::Linear;
pub use pool::MaxPool2d;

pub use module::{Forward, Init, Mapper, Module, Visitor, VisitorMut};
pub use path::Path;
