use volta::prelude::*;

fn total<N: Dim>(x: &Tensor<s![N, 3]>) -> Tensor<s![N, 3]> {
    x.cumsum::<0>().flip::<1>().roll::<-1>(2).sort::<1>().0
}

fn main() {
    let x: Tensor<s![4, 3]> = Tensor::zeros();
    let _: Tensor<s![4, 3]> = total(&x);
}
