use volta::prelude::*;

fn main() {
    let x: Tensor<s![3]> = Tensor::ones();
    let mask: Tensor<s![3], bool> = Tensor::zeros();
    let _ = x.masked_fill(&mask, 0.0);
}
