use volta::prelude::*;

#[derive(Module)]
struct Deep<B: Backend = Cpu> {
    layers: Vec<Linear<64, 64, B>>,
}

fn main() {
    let _: Deep = Init::init(&mut Rng::seed(0));
}
