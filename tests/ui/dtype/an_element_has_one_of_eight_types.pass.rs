use volta::prelude::*;

fn main() {
    let _: Tensor<s![3], i32> = Tensor::zeros();
}
