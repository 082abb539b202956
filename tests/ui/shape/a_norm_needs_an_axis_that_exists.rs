use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::zeros();
    let _ = x.norm_axis::<2>(2.0);
}
