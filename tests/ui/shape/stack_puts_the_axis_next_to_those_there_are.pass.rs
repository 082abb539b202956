use volta::prelude::*;

fn main() {
    let row: Tensor<s![3]> = Tensor::ones();
    let _ = Tensor::stack::<1, 2>([&row, &row]);
}
