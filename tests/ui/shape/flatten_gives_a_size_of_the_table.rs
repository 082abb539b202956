use volta::prelude::*;

fn main() {
    let x: Tensor<s![1, 512, 7, 7]> = Tensor::zeros();
    let _ = x.flatten::<1, -1>();
}
