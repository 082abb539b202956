//! `cross_entropy` takes a table of scores
use volta::prelude::*;

fn main() {
    let scores: Tensor<s![8, 16, 10]> = Tensor::zeros();
    let classes: Tensor<s![8, 16], i64> = Tensor::zeros();
    let _ = scores.cross_entropy(&classes);
}
