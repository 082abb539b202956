use volta::prelude::*;

fn main() {
    let x: Tensor<s![3], i64> = Tensor::ones();
    let _ = x.exp();
}
