use volta::data::TensorDataset;
use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 3]> = Tensor::zeros();
    let y: Tensor<s![]> = Tensor::zeros();
    let _ = TensorDataset::new((x, y));
}
