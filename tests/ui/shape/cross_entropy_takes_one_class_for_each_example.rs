//! `cross_entropy` takes one class for each example
use volta::prelude::*;

fn main() {
    let scores: Tensor<s![32, 10]> = Tensor::zeros();
    let classes: Tensor<s![10], i64> = Tensor::zeros();
    let _ = scores.cross_entropy(&classes);
}
