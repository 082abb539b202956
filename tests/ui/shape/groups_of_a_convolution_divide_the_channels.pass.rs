use volta::prelude::*;

fn main() {
    let conv: Conv2d<6, 8, Grouped<Window<3>, 2>> = Conv2d::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 6, 16, 16]> = Tensor::zeros();
    let _ = conv.forward(&x);
}
