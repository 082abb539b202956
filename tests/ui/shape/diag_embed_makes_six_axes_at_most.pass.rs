use volta::prelude::*;

fn main() {
    let x: Tensor<s![1, 1, 1, 1, 3]> = Tensor::zeros();
    let _: Tensor<s![1, 1, 1, 1, 3, 3]> = x.diag_embed();
}
