use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 4]> = Tensor::zeros();
    let _ = x.pad_reflect::<1, 4, 1>();
}
