use volta::prelude::*;

fn main() {
    let x: Tensor<s![4, 6]> = Tensor::zeros();
    let _ = x.reshape_with((Dyn(12), D::<2>));
}
