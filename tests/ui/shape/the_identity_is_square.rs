use volta::prelude::*;

fn main() {
    let _: Tensor<s![3, 4]> = Tensor::eye();
}
