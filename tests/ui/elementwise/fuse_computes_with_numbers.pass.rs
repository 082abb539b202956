use volta::prelude::*;

fn main() {
    let mask: Tensor<s![3]> = Tensor::from_array([1.0, 0.0, 1.0]);
    let _ = fuse!(|mask| relu(mask));
}
