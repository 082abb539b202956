use volta::prelude::*;

fn main() {
    let mut layer: Linear<3, 1> = Linear::init(&mut Rng::seed(0));
    let traced = Traced::new(&layer);
    let loss = traced.weight.square().sum();
    Sgd::new(0.1).step(&mut layer, &traced);
}
