//! What is particular to a GPU: opening it, its errors, its memory, what crosses the bus, and
//! training on it as on the CPU. That every op is right, `tests/conformance` shows.

mod errors;
mod limits;
mod memory;
mod models;
mod opening;
mod training;
mod transfers;

use volta::prelude::*;

/// A device of the test's own, so that its counters are.
fn open() -> Gpu {
    Gpu::builder()
        .no_pipeline_cache()
        .build()
        .expect("a GPU, or a software driver")
}

/// A LeNet.
#[derive(Module)]
#[module(forward = [N, 1, 28, 28] -> [N, 10])]
struct LeNet<B: Backend = Cpu> {
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

/// A small perceptron.
#[derive(Module)]
#[module(forward = [N, 64] -> [N, 10])]
struct Mlp<B: Backend = Cpu> {
    fc1: Linear<64, 32, B>,
    relu: Relu,
    #[module(init = Dropout::new(0.25, rng))]
    dropout: Dropout,
    fc2: Linear<32, 10, B>,
}

/// The device error in an error.
fn device_error<T>(result: Result<T, volta::Error>) -> volta::DeviceError {
    match result {
        Err(volta::Error::Device(error)) => error,
        Err(other) => panic!("not of the device: {other}"),
        Ok(_) => panic!("no error"),
    }
}
