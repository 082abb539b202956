use volta::prelude::*;

fn main() {
    let conv: Conv2d<1, 6, Window<5>> = Init::init(&mut Rng::seed(0));
    let image: Tensor<s![1, 28, 28]> = Tensor::zeros();
    let _ = conv.forward(&image);
}
