use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 784]> = Tensor::zeros();
    let _ = x.sum();
}
