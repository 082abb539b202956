use volta::prelude::*;

fn main() {
    let _: Tensor<s![2, 2]> = Tensor::from_array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
}
