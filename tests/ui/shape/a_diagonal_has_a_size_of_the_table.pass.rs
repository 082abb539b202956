use volta::prelude::*;

fn main() {
    let x: Tensor<s![3000, 2000]> = Tensor::zeros();
    let _: Tensor<s![Dyn]> = x.diagonal_at(0);
}
