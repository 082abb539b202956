use volta::prelude::*;

fn main() {
    let q: Tensor<s![2, 10, 16]> = Tensor::zeros();
    let k: Tensor<s![2, 12, 16]> = Tensor::zeros();
    let mask: Tensor<s![10, 12], bool> = Tensor::full(true);
    let _ = q.scaled_dot_product_attention(&k, &k, Attention::new().attn_mask(&mask));
}
