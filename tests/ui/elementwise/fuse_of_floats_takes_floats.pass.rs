use volta::prelude::*;

fn main() {
    let x: Tensor<s![3]> = Tensor::ones();
    let _ = fuse!(|x| 0.5 * x);
}
