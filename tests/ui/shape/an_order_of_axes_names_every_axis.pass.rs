use volta::prelude::*;

fn main() {
    let image: Tensor<s![28, 24, 3]> = Tensor::zeros();
    let _ = image.permute::<axes![2, 0, 1]>();
}
