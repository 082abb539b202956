use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::zeros();
    let y: Tensor<s![32]> = Tensor::zeros();
    let _ = x.gt(&y);
}
