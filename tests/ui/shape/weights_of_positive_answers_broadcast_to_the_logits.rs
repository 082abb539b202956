//! Weights of positive answers broadcast to the logits
use volta::loss::BceWithLogits;
use volta::prelude::*;

fn main() {
    let logits: Tensor<s![32, 10]> = Tensor::zeros();
    let target: Tensor<s![32, 10]> = Tensor::ones();
    let pos_weight: Tensor<s![32]> = Tensor::ones();
    let _ = BceWithLogits::new(&pos_weight).loss(&logits, &target);
}
