use volta::prelude::*;

fn main() {
    let norm: LayerNormOver<s![10, 64]> = Init::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 10, 64]> = Tensor::zeros();
    let _ = norm.forward(&x);
}
