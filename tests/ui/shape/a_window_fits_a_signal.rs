use volta::prelude::*;

fn main() {
    let conv: Conv1d<4, 8, Window<5>> = Conv1d::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 4, 3]> = Tensor::zeros();
    let _ = conv.forward(&x);
}
