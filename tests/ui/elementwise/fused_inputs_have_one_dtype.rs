use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::ones();
    let w: Tensor<s![3], f64> = Tensor::ones();
    let _ = fuse!(|x, w| x * w);
}
