use volta::prelude::*;

fn rows<N: Dim>(x: &Tensor<s![N, 10]>) -> usize {
    x.shape().0.size()
}

fn main() {
    let x: Tensor<s![1, 10]> = Tensor::zeros();
    rows(&x);
}
