use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::ones();
    let _ = fuse!(|x| relu(x) + 1.0);
}
