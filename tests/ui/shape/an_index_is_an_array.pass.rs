use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3]> = Tensor::zeros();
    let _ = x.index_axis::<0>(1);
}
