use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 5, 5]> = Tensor::zeros();
    let _: Tensor<s![1, 10, 10]> = x.pixel_shuffle::<2>();
}
