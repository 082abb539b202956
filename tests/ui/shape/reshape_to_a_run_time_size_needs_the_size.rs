use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 6]> = Tensor::zeros();
    let _ = x.reshape::<s![Dyn, 2]>();
}
