//! The names of two fields differ
use volta::prelude::*;

#[derive(Module)]
struct Mlp<B: Backend = Cpu> {
    fc1: Linear<784, 128, B>,
    #[module(rename = "fc1")]
    fc2: Linear<128, 10, B>,
}

fn main() {
    let _: Mlp = Init::init(&mut Rng::seed(0));
}
