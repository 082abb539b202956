//! `topk` takes no more than the axis has
use volta::prelude::*;

fn main() {
    let scores: Tensor<s![8, 3]> = Tensor::zeros();
    let _ = scores.topk::<-1, 5>();
}
