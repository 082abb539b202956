use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::zeros();
    let _: Tensor<s![32, 12]> = x.pad::<1, 0, 2>(0.0);
}
