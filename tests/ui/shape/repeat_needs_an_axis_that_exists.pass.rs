use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::zeros();
    let _: Tensor<s![32, 100]> = x.repeat_interleave::<1, 10>();
}
