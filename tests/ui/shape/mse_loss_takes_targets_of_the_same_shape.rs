//! `mse_loss` takes targets of the same shape
use volta::prelude::*;

fn main() {
    let prediction: Tensor<s![64, 1]> = Tensor::zeros();
    let target: Tensor<s![64]> = Tensor::zeros();
    let _ = prediction.mse_loss(&target);
}
