use volta::prelude::*;

fn main() {
    let v: Tensor<s![10]> = Tensor::zeros();
    let _ = v.unsqueeze::<2>();
}
