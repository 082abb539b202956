use volta::prelude::*;

#[derive(Module)]
struct Mlp<B: Backend = Cpu> {
    #[module(rename = "layers.0")]
    fc: Linear<784, 10, B>,
}

fn main() {
    let _: Mlp = Init::init(&mut Rng::seed(0));
}
