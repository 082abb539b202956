use volta::prelude::*;

fn main() {
    let x: Tensor<s![3], f32> = Tensor::ones();
    let y: Tensor<s![3], f64> = Tensor::ones();
    let _ = x + y;
}
