use volta::prelude::*;

fn main() {
    let q: Tensor<s![2, 4, 10, 16]> = Tensor::zeros();
    let k: Tensor<s![2, 4, 12, 8]> = Tensor::zeros();
    let v: Tensor<s![2, 4, 12, 8]> = Tensor::zeros();
    let _ = q.scaled_dot_product_attention(&k, &v, Attention::new());
}
