use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 784]> = Tensor::zeros();
    let bias: Tensor<s![100]> = Tensor::ones();
    let _ = x + bias;
}
