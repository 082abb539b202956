use volta::prelude::*;

fn main() {
    let _: Tensor<s![3, 3]> = Tensor::eye();
}
