use volta::prelude::*;

fn main() {
    let x: Tensor<s![8, 3, 10, 5]> = Tensor::zeros();
    let _ = x.pixel_unshuffle::<2>();
}
