use volta::prelude::*;

fn main() {
    let logits: Tensor<s![32, 10]> = Tensor::zeros();
    let classes: Tensor<s![32], i64> = Tensor::zeros();
    let _ = logits.pick::<1, _>(&classes);
}
