//! An axis of `forward` is a size or a name
use volta::prelude::*;

#[derive(Module)]
#[module(forward = [-1, 784] -> [-1, 10])]
struct Model<B: Backend = Cpu> {
    fc: Linear<784, 10, B>,
}

fn main() {
    let _: Model = Init::init(&mut Rng::seed(0));
}
