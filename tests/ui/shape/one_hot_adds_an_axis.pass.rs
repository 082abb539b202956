use volta::prelude::*;

fn main() {
    let classes: Tensor<s![1, 1, 1, 1, 2], i64> = Tensor::zeros();
    let _: Tensor<s![1, 1, 1, 1, 2, 3]> = classes.one_hot::<3, f32>();
}
