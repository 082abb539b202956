use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 4]> = Tensor::zeros();
    let _: Tensor<s![2, 8]> = x.pad_reflect::<1, 3, 1>();
}
