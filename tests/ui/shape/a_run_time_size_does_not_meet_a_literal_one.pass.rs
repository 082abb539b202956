use volta::prelude::*;

fn main() {
    let x: Tensor<s![Dyn, 10]> = Tensor::zeros_with((Dyn(32), D));
    let y: Tensor<s![32, 10]> = Tensor::ones();
    let _ = x - y.loosen::<s![Dyn, 10]>();
}
