use volta::prelude::*;

fn main() {
    let (a, b): (Tensor<s![3]>, Tensor<s![3]>) = (Tensor::zeros(), Tensor::zeros());
    let _: Tensor<()> = a.dot(&b);
}
