use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 6]> = Tensor::zeros();
    let _: Tensor<s![3, 5]> = x.view();
}
