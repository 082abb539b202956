use volta::prelude::*;

fn main() {
    let x: Tensor<s![8, 12, 5, 5]> = Tensor::zeros();
    let _: Tensor<s![8, 3, 10, 10]> = x.pixel_shuffle::<2>();
}
