use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 784]> = Tensor::ones();
    let scale: Tensor<()> = Tensor::from_scalar(0.5);
    let _ = x.matmul(&scale);
}
