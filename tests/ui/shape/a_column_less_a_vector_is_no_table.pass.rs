use volta::prelude::*;

fn main() {
    let prediction: Tensor<s![64, 1]> = Tensor::zeros();
    let target: Tensor<s![64]> = Tensor::zeros();
    let error = prediction.squeeze::<1>() - target;
    let _ = error.square().mean();
}
