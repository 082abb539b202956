use volta::prelude::*;

fn main() {
    let layer: Linear<784, 10> = Linear::init(&mut Rng::seed(0));
    let images: Tensor<s![32, 28, 28]> = Tensor::zeros();
    let _ = layer.forward(&images);
}
