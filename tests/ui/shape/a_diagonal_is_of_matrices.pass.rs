use volta::prelude::*;

fn main() {
    let x: Tensor<s![3, 3]> = Tensor::zeros();
    let _: Tensor<s![3]> = x.diagonal();
}
