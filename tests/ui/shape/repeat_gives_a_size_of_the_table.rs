use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 8192]> = Tensor::zeros();
    let _ = x.repeat::<1, 4>();
}
