use volta::prelude::*;

fn main() {
    let _: Tensor<s![32, 5]> = Tensor::zeros();
}
