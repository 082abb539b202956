//! What comes out beside the loss is auxiliary
use volta::prelude::*;

fn main() {
    let w: Tensor<s![3]> = Tensor::ones();
    let _ = value_and_grad(&w, |w| (w.sum(), w.detach()));
}
