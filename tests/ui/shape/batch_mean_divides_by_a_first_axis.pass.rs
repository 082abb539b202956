use volta::loss::BatchMean;
use volta::prelude::*;

fn main() {
    let x: Tensor<s![1]> = Tensor::zeros();
    let target: Tensor<s![1]> = Tensor::ones();
    let _ = x.kl_div_as(&target, BatchMean);
}
