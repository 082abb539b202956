use volta::prelude::*;

fn main() {
    let mut layer: Linear<3, 1> = Linear::init(&mut Rng::seed(0));
    let traced = Traced::new(&layer);
    let loss = traced.weight.square().sum();
    let (_, grads) = traced.backward(loss);
    Sgd::new(0.1).step(&mut layer, &grads);
}
