use volta::prelude::*;

fn main() {
    let x: Tensor<s![8, 6, 5, 5]> = Tensor::zeros();
    let _ = x.pixel_shuffle::<2>();
}
