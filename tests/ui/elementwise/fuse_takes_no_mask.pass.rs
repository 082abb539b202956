use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::ones();
    let _ = fuse!(|x| if x > 0.5 { x } else { 0.0 });
}
