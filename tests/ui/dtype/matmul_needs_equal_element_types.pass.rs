use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3], f32> = Tensor::ones();
    let w: Tensor<s![3, 4], f32> = Tensor::ones();
    let _ = x.matmul(&w);
}
