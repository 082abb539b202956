//! `cross_entropy_probs` takes probabilities of all classes
use volta::prelude::*;

fn main() {
    let scores: Tensor<s![32, 10]> = Tensor::zeros();
    let probs: Tensor<s![32, 9]> = Tensor::zeros();
    let _ = scores.cross_entropy_probs(&probs);
}
