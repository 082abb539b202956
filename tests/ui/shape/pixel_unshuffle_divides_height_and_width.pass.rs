use volta::prelude::*;

fn main() {
    let x: Tensor<s![8, 3, 10, 6]> = Tensor::zeros();
    let _: Tensor<s![8, 12, 5, 3]> = x.pixel_unshuffle::<2>();
}
