use volta::prelude::*;

dims! { Batch, Time }

fn main() {
    let x: Tensor<s![Batch, 8]> = Tensor::zeros_with((Batch(3), D));
    let y: Tensor<s![Batch, 8]> = Tensor::zeros_with((Batch(3), D));
    let _ = x + y;
}
