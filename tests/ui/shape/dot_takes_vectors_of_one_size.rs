use volta::prelude::*;

fn main() {
    let (a, b): (Tensor<s![3]>, Tensor<s![4]>) = (Tensor::zeros(), Tensor::zeros());
    let _ = a.dot(&b);
}
