//! `cross_entropy` takes class numbers
use volta::prelude::*;

fn main() {
    let scores: Tensor<s![32, 10]> = Tensor::zeros();
    let classes: Tensor<s![32]> = Tensor::zeros();
    let _ = scores.cross_entropy(&classes);
}
