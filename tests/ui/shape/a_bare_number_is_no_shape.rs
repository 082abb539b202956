//! A bare size is not a shape
use volta::prelude::*;

fn total<N: Dim>(x: &Tensor<N>) -> Tensor<()> {
    x.sum()
}

fn main() {
    total(&Tensor::<s![3]>::ones());
}
