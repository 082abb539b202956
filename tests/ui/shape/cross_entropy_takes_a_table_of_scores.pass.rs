use volta::prelude::*;

fn main() {
    let scores: Tensor<s![8, 16, 10]> = Tensor::zeros();
    let classes: Tensor<s![8, 16], i64> = Tensor::zeros();
    let (scores, classes) = (scores.flatten::<0, 1>(), classes.flatten::<0, 1>());
    let _ = scores.cross_entropy(&classes);
}
