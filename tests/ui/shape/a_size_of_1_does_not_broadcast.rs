use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::zeros();
    let scale: Tensor<s![32, 1]> = Tensor::ones();
    let _ = x * scale;
}
