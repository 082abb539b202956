use volta::prelude::*;

#[derive(Module)]
struct Model<B: Backend = Cpu> {
    #[module(frozen, frozen)]
    fc: Linear<784, 10, B>,
}

fn main() {
    let _: Model = Init::init(&mut Rng::seed(0));
}
