use volta::prelude::*;

#[derive(Module)]
struct Model<B: Backend = Cpu> {
    #[module(init = Linear::init_on(device, rng))]
    fc: Linear<784, 10, B>,
}

fn main() {
    let _: Option<Model> = None;
}
