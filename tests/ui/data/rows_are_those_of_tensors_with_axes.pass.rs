use volta::data::TensorDataset;
use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 3]> = Tensor::zeros();
    let y: Tensor<s![4]> = Tensor::zeros();
    let _ = TensorDataset::new((x, y));
}
