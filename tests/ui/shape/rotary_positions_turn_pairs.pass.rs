use volta::prelude::*;

fn main() {
    let rotary = Rotary::<8>::new(10);
    let x: Tensor<s![2, 4, 10, 8]> = Tensor::zeros();
    let _ = rotary.forward(&x, 0);
}
