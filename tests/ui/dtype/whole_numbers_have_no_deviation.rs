use volta::prelude::*;

fn main() {
    let x: Tensor<s![3], i32> = Tensor::zeros();
    let _ = x.std();
}
