use volta::optim::accumulate;
use volta::prelude::*;

fn main() {
    let mut rng = Rng::seed(0);
    let head: Linear<3, 1> = Linear::init(&mut rng);
    let body: Linear<4, 3> = Linear::init(&mut rng);
    let mut sum = grad(&head, |m| m.weight.square().sum());
    let grads = grad(&body, |m| m.weight.square().sum());
    accumulate(&mut sum, &grads);
}
