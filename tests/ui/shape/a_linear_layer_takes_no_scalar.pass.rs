use volta::prelude::*;

fn main() {
    let layer: Linear<1, 10> = Linear::init(&mut Rng::seed(0));
    let x: Tensor<s![1]> = Tensor::full(3.0);
    let _ = layer.forward(&x);
}
