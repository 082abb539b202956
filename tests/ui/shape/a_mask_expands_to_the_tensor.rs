use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::ones();
    let mask: Tensor<s![32], bool> = Tensor::zeros();
    let _ = Tensor::select(&mask, &x, &x);
}
