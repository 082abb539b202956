use volta::prelude::*;

fn main() {
    let x: Tensor<()> = Tensor::from_scalar(3.0);
    let y: Tensor<()> = Tensor::from_scalar(2.0);
    let _ = grad(&x, |x| grad(x, |x| x.square() * &y));
}
