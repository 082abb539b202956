//! `fuse!` takes a closure
use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::ones();
    let _ = fuse!(relu(x) + 1.0);
}
