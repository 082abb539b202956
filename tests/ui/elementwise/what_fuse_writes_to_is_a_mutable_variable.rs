//! What `fuse!` writes to is `mut`
use volta::prelude::*;

fn main() {
    let g: Tensor<s![3]> = Tensor::ones();
    let x: Tensor<s![3]> = Tensor::ones();
    fuse!(|&mut x, g| x -= 0.1 * g);
}
