use volta::prelude::*;

fn scale<const H: usize>(x: &Tensor<s![{ H }]>) -> Tensor<s![{ H }]> {
    x * 2.0
}

fn main() {
    scale(&Tensor::<s![3]>::ones());
}
