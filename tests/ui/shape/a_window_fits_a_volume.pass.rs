use volta::prelude::*;

fn main() {
    let conv: Conv3d<1, 8, (Window<2>, Window<3>, Window<3>)> = Conv3d::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 1, 2, 16, 16]> = Tensor::zeros();
    let _ = conv.forward(&x);
}
