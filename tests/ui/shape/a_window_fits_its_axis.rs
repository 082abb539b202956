use volta::prelude::*;

fn main() {
    let conv: Conv2d<16, 32, Window<5>> = Init::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 16, 3, 3]> = Tensor::zeros();
    let _ = conv.forward(&x);
}
