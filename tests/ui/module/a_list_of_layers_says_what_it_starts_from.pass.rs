use volta::prelude::*;

#[derive(Module)]
struct Deep<B: Backend = Cpu> {
    #[module(init = (0..3).map(|_| Linear::init_on(device, rng)).collect())]
    layers: Vec<Linear<64, 64, B>>,
}

fn main() {
    let _: Deep = Init::init(&mut Rng::seed(0));
}
