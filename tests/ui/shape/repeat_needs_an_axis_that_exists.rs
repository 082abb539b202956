use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::zeros();
    let _ = x.repeat_interleave::<2, 10>();
}
