use volta::prelude::*;

fn main() {
    let v: Tensor<s![784]> = Tensor::zeros();
    let _ = v.t();
}
