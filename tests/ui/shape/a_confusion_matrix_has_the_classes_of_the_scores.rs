//! A confusion matrix has the classes of the scores
use volta::metric::ConfusionMatrix;
use volta::prelude::*;

fn main() {
    let scores: Tensor<s![32, 10]> = Tensor::zeros();
    let classes: Tensor<s![32], i64> = Tensor::zeros();
    ConfusionMatrix::<9>::new().add(&scores, &classes);
}
