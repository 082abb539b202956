use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::ones();
    let scale = 2.0;
    let _ = fuse!(|x| scale * relu(x));
}
