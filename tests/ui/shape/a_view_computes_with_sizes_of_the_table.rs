use volta::prelude::*;

fn main() {
    let x: Tensor<s![3, 5000]> = Tensor::zeros();
    let _ = x.view::<s![15, 1000]>();
}
