//! A mask is `bool`
use volta::prelude::*;

fn main() {
    let x: Tensor<s![3]> = Tensor::ones();
    let mask: Tensor<s![3]> = Tensor::zeros();
    let _ = x.masked_fill(&mask, 0.0);
}
