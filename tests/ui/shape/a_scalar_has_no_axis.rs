use volta::prelude::*;

fn main() {
    let loss: Tensor<()> = Tensor::from_scalar(0.5);
    let _ = loss.mean_axis::<0>();
}
