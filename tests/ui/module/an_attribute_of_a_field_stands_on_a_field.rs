use volta::prelude::*;

#[derive(Module)]
#[module(frozen)]
struct Model<B: Backend = Cpu> {
    fc: Linear<784, 10, B>,
}

fn main() {
    let _: Model = Init::init(&mut Rng::seed(0));
}
