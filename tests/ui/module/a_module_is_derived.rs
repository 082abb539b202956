use volta::prelude::*;

struct Mlp {
    fc: Linear<784, 10>,
}

fn main() {
    let model = Mlp { fc: Linear::init(&mut Rng::seed(0)) };
    let _ = grad(&model, |m| m.fc.weight.sum());
}
