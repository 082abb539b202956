use volta::prelude::*;

fn main() {
    let positions = SinusoidalPositions::<8, 16>::new();
    let x: Tensor<s![2, 10, 16]> = Tensor::zeros();
    let _ = positions.forward(&x);
}
