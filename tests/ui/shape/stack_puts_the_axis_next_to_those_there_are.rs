use volta::prelude::*;

fn main() {
    let row: Tensor<s![3]> = Tensor::ones();
    let _ = Tensor::stack::<2, 2>([&row, &row]);
}
