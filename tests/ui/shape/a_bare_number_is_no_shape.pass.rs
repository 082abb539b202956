use volta::prelude::*;

fn total<N: Dim>(x: &Tensor<s![N]>) -> Tensor<()> {
    x.sum()
}

fn main() {
    total(&Tensor::<s![3]>::ones());
}
