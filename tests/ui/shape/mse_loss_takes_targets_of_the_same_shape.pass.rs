use volta::prelude::*;

fn main() {
    let prediction: Tensor<s![64, 1]> = Tensor::zeros();
    let target: Tensor<s![64]> = Tensor::zeros();
    let _ = prediction.squeeze::<1>().mse_loss(&target);
}
