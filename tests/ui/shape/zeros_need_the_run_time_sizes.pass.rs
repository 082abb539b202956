use volta::prelude::*;

fn main() {
    let _: Tensor<s![Dyn, 784]> = Tensor::zeros_with((Dyn(32), D));
}
