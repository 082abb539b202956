use volta::prelude::*;

fn main() {
    let norm: BatchNorm2d<3> = Init::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 3, 1, 1]> = Tensor::zeros();
    let _ = norm.forward(&x);
}
