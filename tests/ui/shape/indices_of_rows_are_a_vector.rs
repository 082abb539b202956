//! Indices of rows are a vector
use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 3]> = Tensor::zeros();
    let index: Tensor<s![2, 3], i64> = Tensor::zeros();
    let _ = x.index_select::<0, _>(&index);
}
