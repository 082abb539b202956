use volta::prelude::*;

#[derive(Module)]
struct Model<B: Backend = Cpu> {
    fc: Linear<784, 10, B>,
    #[module(skip)]
    epochs: usize,
}

fn main() {
    let _: Model = Init::init(&mut Rng::seed(0));
}
