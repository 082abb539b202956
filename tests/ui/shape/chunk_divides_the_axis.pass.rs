use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 10]> = Tensor::zeros();
    let _: [Tensor<s![2, 2]>; 5] = x.chunk::<1, 5>();
}
