use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 10]> = Tensor::zeros();
    let _ = x.chunk::<1, 3>();
}
