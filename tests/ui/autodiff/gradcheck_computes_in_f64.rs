//! `gradcheck` computes in `f64`
use volta::prelude::*;

fn main() {
    let x: Tensor<s![3]> = Tensor::ones();
    let _ = gradcheck(&x, |x| x.square());
}
