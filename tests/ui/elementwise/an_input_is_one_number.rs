use volta::prelude::*;

#[elementwise]
fn double(x: Tensor<s![3]>) -> Float {
    2.0 * x
}

fn main() {}
