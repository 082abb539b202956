//! matmul by a weight `[out, in]` needs a transpose
use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 784]> = Tensor::zeros();
    let weight: Tensor<s![10, 784]> = Tensor::zeros();
    let _ = x.matmul(&weight);
}
