use volta::prelude::*;

fn main() {
    let block = Residual(Linear::<4, 3>::init(&mut Rng::seed(0)));
    let x: Tensor<s![8, 4]> = Tensor::zeros();
    let _ = block.forward(&x);
}
