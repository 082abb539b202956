use volta::prelude::*;

fn main() {
    let x: Tensor<s![50000]> = Tensor::zeros();
    let _ = x.narrow_as::<0, 49000, 1000>();
}
