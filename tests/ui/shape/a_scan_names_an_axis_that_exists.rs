//! A scan names an axis that exists
use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 3]> = Tensor::zeros();
    let _ = x.cumsum::<2>();
}
