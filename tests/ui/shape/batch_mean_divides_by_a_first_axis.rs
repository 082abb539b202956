//! `BatchMean` divides by a first axis
use volta::loss::BatchMean;
use volta::prelude::*;

fn main() {
    let x: Tensor<s![]> = Tensor::zeros();
    let target: Tensor<s![]> = Tensor::ones();
    let _ = x.kl_div_as(&target, BatchMean);
}
