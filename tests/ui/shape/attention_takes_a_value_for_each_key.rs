use volta::prelude::*;

fn main() {
    let q: Tensor<s![2, 10, 16]> = Tensor::zeros();
    let k: Tensor<s![2, 12, 16]> = Tensor::zeros();
    let v: Tensor<s![2, 11, 8]> = Tensor::zeros();
    let _ = q.scaled_dot_product_attention(&k, &v, Attention::new());
}
