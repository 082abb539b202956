use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 4]> = Tensor::zeros();
    let _: Tensor<s![2, 9]> = x.pad_circular::<1, 1, 4>();
}
