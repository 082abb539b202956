use volta::prelude::*;

fn main() {
    let pool = MaxPool2d::<Window<2, 2>>::new();
    let x: Tensor<s![8, 6, 1, 28]> = Tensor::zeros();
    let _ = pool.forward(&x);
}
