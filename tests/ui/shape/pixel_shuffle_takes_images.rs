use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 5]> = Tensor::zeros();
    let _ = x.pixel_shuffle::<2>();
}
