//! The models that are timed, here and beside other libraries.

use volta::prelude::*;

/// A perceptron for digits.
#[derive(Module)]
#[module(forward = [N, 784] -> [N, 10])]
pub struct Mlp<B: Backend = Cpu> {
    fc1: Linear<784, 128, B>,
    relu: Relu,
    fc2: Linear<128, 10, B>,
}

/// A perceptron for the exclusive or.
#[derive(Module)]
#[module(forward = [N, 2] -> [N, 1])]
pub struct Xor<B: Backend = Cpu> {
    fc1: Linear<2, 8, B>,
    tanh: Tanh,
    fc2: Linear<8, 1, B>,
}

/// A LeNet.
#[derive(Module)]
#[module(forward = [N, 1, 28, 28] -> [N, 10])]
pub struct LeNet<B: Backend = Cpu> {
    conv1: Conv2d<1, 6, Window<5, 1, 2>, B>,
    relu1: Relu,
    pool1: MaxPool2d<Window<2, 2>>,
    conv2: Conv2d<6, 16, Window<5>, B>,
    relu2: Relu,
    pool2: MaxPool2d<Window<2, 2>>,
    flatten: Flatten,
    fc1: Linear<400, 120, B>,
    relu3: Relu,
    fc2: Linear<120, 84, B>,
    relu4: Relu,
    fc3: Linear<84, 10, B>,
}
