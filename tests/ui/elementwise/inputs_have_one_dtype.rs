use volta::prelude::*;

#[elementwise]
fn gate(x: Float, z: Float) -> Float {
    x * sigmoid(z)
}

fn main() {
    let x: Tensor<s![3]> = Tensor::ones();
    let z: Tensor<s![3], f64> = Tensor::zeros();
    let _ = gate(&x, &z);
}
