//! `fuse!` takes numbers from the scope
use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::ones();
    let scale = 2.0;
    let _ = fuse!(|x, scale| scale * relu(x));
}
