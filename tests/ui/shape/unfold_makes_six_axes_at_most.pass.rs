use volta::prelude::*;

fn main() {
    let x: Tensor<s![1, 1, 1, 1, 10]> = Tensor::zeros();
    let _: Tensor<s![1, 1, 1, 1, 8, 3]> = x.unfold::<4, 3, 1>();
}
