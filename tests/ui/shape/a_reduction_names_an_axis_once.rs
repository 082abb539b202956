use volta::prelude::*;

fn main() {
    let x: Tensor<s![8, 3, 28]> = Tensor::zeros();
    let _ = x.mean_axes::<axes![2, -1]>();
}
