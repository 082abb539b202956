//! Layers of `forward` fit each other
use volta::prelude::*;

#[derive(Module)]
#[module(forward = [N, 784] -> [N, 10])]
struct Mlp<B: Backend = Cpu> {
    fc1: Linear<784, 128, B>,
    fc2: Linear<64, 10, B>,
}

fn main() {
    let _: Mlp = Init::init(&mut Rng::seed(0));
}
