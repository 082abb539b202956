use volta::prelude::*;

fn main() {
    let mut x: Tensor<s![32, 10]> = Tensor::zeros();
    let bias: Tensor<s![10]> = Tensor::zeros();
    x.add_(&bias);
}
