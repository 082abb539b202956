use volta::prelude::*;

fn main() {
    let x: Tensor<s![2, 3, 4, 5, 6]> = Tensor::zeros();
    let _ = x.unsqueeze::<0>();
}
