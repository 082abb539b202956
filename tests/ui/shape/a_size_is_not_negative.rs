use volta::prelude::*;

fn main() {
    let x: Tensor<s![-1, 784]> = Tensor::zeros();
    let _ = x.sum();
}
