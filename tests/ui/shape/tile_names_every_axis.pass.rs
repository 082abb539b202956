use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::zeros();
    let _: Tensor<s![2, 6]> = x.tile::<s![1, 2]>();
}
