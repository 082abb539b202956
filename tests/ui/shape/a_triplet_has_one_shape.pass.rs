use volta::prelude::*;

fn main() {
    let anchor: Tensor<s![32, 10]> = Tensor::zeros();
    let positive: Tensor<s![32, 10]> = Tensor::zeros();
    let negative: Tensor<s![32, 10]> = Tensor::zeros();
    let _ = anchor.triplet_margin_loss(&positive, &negative, 1.0);
}
