//! `bool` has no arithmetic
use volta::prelude::*;

fn main() {
    let x: Tensor<s![3]> = Tensor::ones();
    let right = x.gt_scalar(0.5);
    let _ = right.sum();
}
