use volta::prelude::*;

fn main() {
    let layer: Gru<3, 5> = Init::init(&mut Rng::seed(0));
    let x: Tensor<s![2, 7, 4]> = Tensor::zeros();
    let _ = layer.forward(&x);
}
