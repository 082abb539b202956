use volta::prelude::*;

fn main() {
    let w: Tensor<s![3]> = Tensor::ones();
    let _ = grad(&w, |w| w.square().sum().item());
}
