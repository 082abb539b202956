use volta::prelude::*;

fn main() {
    let x: Tensor<s![1, 1, 1, 1, 1, 10]> = Tensor::zeros();
    let _ = x.unfold::<5, 3, 1>();
}
