use volta::prelude::*;

fn main() {
    let (a, b): (Tensor<s![3]>, Tensor<s![4]>) = (Tensor::zeros(), Tensor::zeros());
    let _: Tensor<s![3, 4]> = a.outer(&b);
}
