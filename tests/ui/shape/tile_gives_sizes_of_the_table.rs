use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 8192]> = Tensor::zeros();
    let _ = x.tile::<s![1, 3]>();
}
