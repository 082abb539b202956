use volta::prelude::*;

fn main() {
    let scores: Tensor<s![3]> = Tensor::ones();
    let _ = grad(&scores, |s| s.max());
}
