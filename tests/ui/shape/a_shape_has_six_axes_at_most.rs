use volta::prelude::*;

fn main() {
    let _: Tensor<s![1, 2, 3, 4, 5, 6, 7]> = Tensor::zeros();
}
