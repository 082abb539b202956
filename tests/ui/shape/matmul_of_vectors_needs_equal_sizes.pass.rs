use volta::prelude::*;

fn main() {
    let a: Tensor<s![3]> = Tensor::ones();
    let b: Tensor<s![3]> = Tensor::ones();
    let _: Tensor<()> = a.matmul(&b);
}
