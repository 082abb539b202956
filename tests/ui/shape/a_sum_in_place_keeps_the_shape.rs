use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::zeros();
    let mut bias: Tensor<s![10]> = Tensor::zeros();
    bias.add_(&x);
}
