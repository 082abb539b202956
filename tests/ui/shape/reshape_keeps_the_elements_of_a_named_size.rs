use volta::prelude::*;

dims! { Batch }

fn main() {
    let x: Tensor<s![Batch, 28, 28]> = Tensor::zeros_with((Batch(3), D, D));
    let _ = x.reshape_with((Batch(3), D::<748>));
}
