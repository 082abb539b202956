//! A fused function with a fraction takes floats
use volta::prelude::*;

fn main() {
    let x: Tensor<s![3], i32> = Tensor::ones();
    let _ = fuse!(|x| 0.5 * x);
}
