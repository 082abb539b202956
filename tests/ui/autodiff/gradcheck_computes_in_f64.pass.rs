use volta::prelude::*;

fn main() {
    let x: Tensor<s![3], f64> = Tensor::ones();
    let _ = gradcheck(&x, |x| x.square());
}
