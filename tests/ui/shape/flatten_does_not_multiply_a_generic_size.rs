use volta::prelude::*;

fn rows<N: Dim>(x: &Tensor<s![N, 4, 8]>) -> Tensor<s![Dyn, 8]> {
    x.flatten::<0, 1>()
}

fn main() {
    let x: Tensor<s![2, 4, 8]> = Tensor::zeros();
    rows(&x);
}
