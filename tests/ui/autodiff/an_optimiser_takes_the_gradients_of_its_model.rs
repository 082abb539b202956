use volta::prelude::*;

fn main() {
    let mut rng = Rng::seed(0);
    let mut head: Linear<3, 1> = Linear::init(&mut rng);
    let body: Linear<4, 3> = Linear::init(&mut rng);
    let mut opt = Sgd::new(0.1);
    let grads = grad(&body, |m| m.weight.square().sum());
    opt.step(&mut head, &grads);
}
