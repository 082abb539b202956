use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 10]> = Tensor::zeros();
    let _: Tensor<s![2, 8, 3]> = x.unfold::<1, 3, 1>();
}
