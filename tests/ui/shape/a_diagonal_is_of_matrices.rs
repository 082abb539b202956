use volta::prelude::*;

fn main() {
    let x: Tensor<s![3]> = Tensor::zeros();
    let _ = x.diagonal();
}
