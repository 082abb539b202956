use volta::prelude::*;

#[elementwise]
fn swoosh(x: Float) -> Float {
    x * sigmoid(x)
}

fn main() {
    let x: Tensor<s![3]> = Tensor::ones();
    let _ = swoosh(x);
}
