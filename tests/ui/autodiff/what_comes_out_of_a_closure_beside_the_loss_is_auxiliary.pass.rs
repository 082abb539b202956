use volta::prelude::*;

fn main() {
    let w: Tensor<s![3]> = Tensor::ones();
    let _ = value_and_grad_aux(&w, |w| (w.sum(), w.detach()));
}
