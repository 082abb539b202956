use volta::prelude::*;

fn main() {
    let row: Tensor<s![3]> = Tensor::ones();
    let other: Tensor<s![4]> = Tensor::ones();
    let _ = Tensor::stack::<0, 2>([&row, &other]);
}
