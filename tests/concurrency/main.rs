//! Threads that share tensors, models and the library itself.

mod exit;
mod gradients;
mod memory;
mod panics;
mod threads;
mod types;

use std::sync::{Mutex, MutexGuard, PoisonError};

use volta::prelude::*;

/// Held by each test: the number of threads and the counters of memory are the process's.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sums, products, convolutions and a softmax that are long enough for several threads.
fn work(seed: u64) -> Vec<u32> {
    let rng = &mut Rng::seed(seed);
    let x: Tensor<s![300, 400]> = Tensor::randn(rng);
    let w: Tensor<s![400, 200]> = Tensor::randn(rng);
    let image: Tensor<s![4, 3, 40, 40]> = Tensor::randn(rng);
    let conv: Conv2d<3, 8, Window<3>> = Conv2d::init(rng);
    let y = x.matmul(&w).tanh().softmax::<-1>();
    let image = conv.forward(&image).relu();
    let parts = [y.sum(), x.exp().mean(), image.square().sum()];
    parts.map(|part| part.item().to_bits()).to_vec()
}
