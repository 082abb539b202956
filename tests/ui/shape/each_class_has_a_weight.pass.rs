use volta::loss::CrossEntropy;
use volta::prelude::*;

fn main() {
    let scores: Tensor<s![32, 10]> = Tensor::zeros();
    let classes: Tensor<s![32], i64> = Tensor::zeros();
    let weight: Tensor<s![10]> = Tensor::ones();
    let loss = CrossEntropy::new().weight(&weight);
    let _ = loss.loss(&scores, &classes);
}
