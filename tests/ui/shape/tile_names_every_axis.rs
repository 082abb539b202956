use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::zeros();
    let _ = x.tile::<s![2]>();
}
