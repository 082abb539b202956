use volta::prelude::*;

fn main() {
    let x: Tensor<s![32, 10]> = Tensor::zeros();
    let _ = x.sum_keep::<1>().expand::<s![32, 10]>();
}
