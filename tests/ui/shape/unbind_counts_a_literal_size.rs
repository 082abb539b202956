use volta::prelude::*;

fn main() {
    let x: Tensor<s![Dyn, 10]> = Tensor::zeros_with((Dyn(3), D));
    let _ = x.unbind::<0>();
}
