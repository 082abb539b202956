use volta::prelude::*;

fn main() {
    let _: Tensor<s![3], u32> = Tensor::zeros();
}
