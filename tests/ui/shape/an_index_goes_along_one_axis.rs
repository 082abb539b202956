//! An index is equal to the tensor in all axes but one
use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 3]> = Tensor::zeros();
    let index: Tensor<s![2, 5], i64> = Tensor::zeros();
    let _ = x.gather::<1, _>(&index);
}
