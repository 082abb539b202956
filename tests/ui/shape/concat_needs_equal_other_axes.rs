use volta::prelude::*;

fn main() {
    let a: Tensor<s![2, 3]> = Tensor::zeros();
    let b: Tensor<s![4, 5]> = Tensor::ones();
    let _ = a.cat::<1, _>(&b);
}
