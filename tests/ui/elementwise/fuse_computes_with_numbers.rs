//! `fuse!` computes with numbers
use volta::prelude::*;

fn main() {
    let mask: Tensor<s![3], bool> = Tensor::from_array([true, false, true]);
    let _ = fuse!(|mask| relu(mask));
}
