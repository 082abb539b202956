use volta::prelude::*;

fn main() {
    let query: Tensor<s![8, 16, 64]> = Tensor::zeros();
    let key: Tensor<s![4, 64, 16]> = Tensor::zeros();
    let _ = query.matmul(&key);
}
