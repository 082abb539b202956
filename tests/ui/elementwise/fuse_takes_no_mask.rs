//! `fuse!` takes no mask
use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::ones();
    let mask = x.gt_scalar(0.5);
    let _ = fuse!(|x, mask| if mask { x } else { 0.0 });
}
