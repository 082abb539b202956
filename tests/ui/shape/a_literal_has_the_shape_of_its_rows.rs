use volta::prelude::*;

fn main() {
    let _: Tensor<s![3, 2]> = tensor![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
}
