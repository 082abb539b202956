use volta::metric::ConfusionMatrix;
use volta::prelude::*;

fn main() {
    let scores: Tensor<s![32, 10]> = Tensor::zeros();
    let classes: Tensor<s![32], i64> = Tensor::zeros();
    ConfusionMatrix::<10>::new().add(&scores, &classes);
}
