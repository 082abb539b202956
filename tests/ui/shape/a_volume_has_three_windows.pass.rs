use volta::prelude::*;

fn main() {
    type W = (Window<1>, Window<3>, Window<3>);
    let conv: Conv3d<1, 8, W> = Conv3d::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 1, 4, 16, 16]> = Tensor::zeros();
    let _ = conv.forward(&x);
}
