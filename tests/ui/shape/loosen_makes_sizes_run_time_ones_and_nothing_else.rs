use volta::prelude::*;

fn main() {
    let x: Tensor<s![Dyn, 10]> = Tensor::zeros_with((Dyn(32), D));
    let _: Tensor<s![32, 10]> = x.loosen();
}
