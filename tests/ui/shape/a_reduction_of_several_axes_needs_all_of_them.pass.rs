use volta::prelude::*;

fn main() {
    let x: Tensor<s![8, 28, 28]> = Tensor::zeros();
    let _ = x.sum_axes::<axes![1, 2]>();
}
