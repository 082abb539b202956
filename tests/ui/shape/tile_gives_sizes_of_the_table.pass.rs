use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 5000]> = Tensor::zeros();
    let x: Tensor<s![2, Dyn]> = x.loosen();
    let _: Tensor<s![2, Dyn]> = x.tile::<s![1, 3]>();
}
