use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::ones();
    let total = x.sum_keep::<1>();
    let _ = x.cat::<1, _>(&total);
}
