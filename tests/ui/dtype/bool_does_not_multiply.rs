//! `bool` does not multiply
use volta::prelude::*;

fn main() {
    let x: Tensor<s![3]> = Tensor::ones();
    let mask = x.gt_scalar(0.5);
    let _ = x * mask;
}
