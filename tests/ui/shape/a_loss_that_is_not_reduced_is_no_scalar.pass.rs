use volta::loss::Each;
use volta::prelude::*;

fn main() {
    let x: Tensor<s![8, 3]> = Tensor::zeros();
    let target: Tensor<s![8, 3]> = Tensor::ones();
    let _: Tensor<s![8, 3]> = x.l1_loss_as(&target, Each);
}
