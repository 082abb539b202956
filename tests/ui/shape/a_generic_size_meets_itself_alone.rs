use volta::prelude::*;

fn both<N: Dim, M: Dim>(x: &Tensor<s![N, 3]>, y: &Tensor<s![M, 3]>) -> Tensor<s![N, 3]> {
    x + y
}

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::ones();
    both(&x, &x);
}
