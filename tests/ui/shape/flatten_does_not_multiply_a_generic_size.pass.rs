use volta::prelude::*;

fn rows<N: Dim>(x: &Tensor<s![N, 4, 8]>) -> Tensor<s![N, 32]> {
    x.flatten::<1, 2>()
}

fn main() {
    let x: Tensor<s![2, 4, 8]> = Tensor::zeros();
    rows(&x);
}
