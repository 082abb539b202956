//! An index is a tensor of `i64`
use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 3]> = Tensor::zeros();
    let index: Tensor<s![4, 1]> = Tensor::zeros();
    let _ = x.gather::<1, _>(&index);
}
