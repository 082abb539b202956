use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 10]> = Tensor::zeros();
    let _: (Tensor<s![2, 7]>, Tensor<s![2, 3]>) = x.split::<1, 7>();
}
