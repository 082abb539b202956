use volta::prelude::*;

fn main() {
    let mut total: Tensor<s![10]> = Tensor::zeros();
    let x: Tensor<s![32, 10]> = Tensor::ones();
    total += &x;
}
