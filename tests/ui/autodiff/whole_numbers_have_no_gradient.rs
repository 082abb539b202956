use volta::prelude::*;

fn main() {
    let counts: Tensor<s![3], i64> = Tensor::ones();
    let _ = grad(&counts, |n| n.square().sum());
}
