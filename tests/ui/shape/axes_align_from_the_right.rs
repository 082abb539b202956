use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::zeros();
    let weight_of_row: Tensor<s![32]> = Tensor::ones();
    let _ = &x * &weight_of_row;
}
