//! What is assigned in `fuse!` is `&mut`
use volta::prelude::*;

fn main() {
    let mut x: Tensor<s![3]> = Tensor::ones();
    let g: Tensor<s![3]> = Tensor::ones();
    fuse!(|x, g| x -= 0.1 * g);
}
