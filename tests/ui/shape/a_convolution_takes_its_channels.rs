use volta::prelude::*;

fn main() {
    let conv: Conv2d<3, 6, Window<5>> = Init::init(&mut Rng::seed(0));
    let gray: Tensor<s![8, 1, 28, 28]> = Tensor::zeros();
    let _ = conv.forward(&gray);
}
