use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 128]> = Tensor::ones();
    let w: Tensor<s![128]> = Tensor::zeros();
    let _ = fuse!(|x, w| relu(x * w));
}
