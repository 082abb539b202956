use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, Dyn]> = Tensor::zeros_with((D, Dyn(8192)));
    let _: Tensor<s![32, Dyn]> = x.repeat::<1, 4>();
}
