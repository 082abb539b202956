use volta::prelude::*;

#[derive(Clone, Default)]
struct Settings;

#[derive(Module)]
struct Model<B: Backend = Cpu> {
    fc: Linear<784, 10, B>,
    #[module(skip)]
    settings: Settings,
}

fn main() {
    let _: Model = Init::init(&mut Rng::seed(0));
}
