//! A minimal MLP training program: what its build costs is measured by `cargo xtask build-time`.
use volta::prelude::*;

#[derive(Module)]
#[module(forward = [N, 784] -> [N, 10])]
struct Mlp<B: Backend = Cpu> {
    fc1: Linear<784, 128, B>,
    relu: Relu,
    fc2: Linear<128, 10, B>,
}

fn main() {
    let mut rng = Rng::seed(0);
    let mut model: Mlp = Mlp::init(&mut rng);
    let mut optimiser = Adam::new(1e-3);
    let x: Tensor<s![32, 784]> = Tensor::randn(&mut rng);
    let y: Tensor<s![32], i64> = Tensor::from_vec((0..32).map(|i| i % 10).collect()).unwrap();
    for step in 0..100 {
        let (loss, grads) = value_and_grad(&model, |m| m.forward(&x.lift()).cross_entropy(&y));
        optimiser.step(&mut model, &grads);
        if step % 20 == 0 {
            println!("{step} {}", loss.item());
        }
    }
}
