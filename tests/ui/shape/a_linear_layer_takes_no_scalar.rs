use volta::prelude::*;

fn main() {
    let layer: Linear<1, 10> = Linear::init(&mut Rng::seed(0));
    let x: Tensor<()> = Tensor::from_scalar(3.0);
    let _ = layer.forward(&x);
}
