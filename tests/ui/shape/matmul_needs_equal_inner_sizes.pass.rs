use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 784]> = Tensor::zeros();
    let w: Tensor<s![784, 10]> = Tensor::zeros();
    let _ = x.matmul(&w);
}
