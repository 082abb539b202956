use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::zeros();
    let _: Tensor<s![32]> = x.norm_axis::<1>(2.0);
}
