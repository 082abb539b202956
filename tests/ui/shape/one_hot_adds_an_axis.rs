//! `one_hot` adds an axis
use volta::prelude::*;

fn main() {
    let classes: Tensor<s![1, 1, 1, 1, 1, 2], i64> = Tensor::zeros();
    let _ = classes.one_hot::<3, f32>();
}
