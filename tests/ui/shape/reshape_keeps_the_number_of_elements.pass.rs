use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 28, 28]> = Tensor::zeros();
    let _ = x.reshape::<s![32, 784]>();
}
