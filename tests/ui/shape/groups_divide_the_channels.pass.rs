use volta::prelude::*;

fn main() {
    let norm: GroupNorm<3, 6> = Init::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 6]> = Tensor::zeros();
    let _ = norm.forward(&x);
}
