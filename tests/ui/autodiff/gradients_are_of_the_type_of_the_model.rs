use volta::prelude::*;

fn step(layer: &mut Linear<3, 1>, grads: &Linear<3, 1>) {
    let weight = &*layer.weight - &*grads.weight * 0.1;
    layer.weight = weight.into();
}

fn main() {
    let mut rng = Rng::seed(0);
    let mut head: Linear<3, 1> = Linear::init(&mut rng);
    let body: Linear<4, 3> = Linear::init(&mut rng);
    let grads = grad(&body, |m| m.weight.square().sum());
    step(&mut head, &grads);
}
