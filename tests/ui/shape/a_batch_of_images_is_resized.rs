use volta::prelude::*;

fn main() {
    let image: Tensor<s![3, 28, 28]> = Tensor::zeros();
    let _ = image.interpolate_bilinear::<32, 32>(false);
}
