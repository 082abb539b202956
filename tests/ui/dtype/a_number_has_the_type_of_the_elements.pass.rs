use volta::prelude::*;

fn main() {
    let x: Tensor<s![3], f32> = Tensor::ones();
    let _ = x * 2.0;
}
