use volta::prelude::*;

fn main() {
    let x: Tensor<s![8, 16, 5, 5]> = Tensor::zeros();
    let _ = x.flatten::<-1, 1>();
}
