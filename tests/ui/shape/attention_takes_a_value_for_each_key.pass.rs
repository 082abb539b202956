use volta::prelude::*;

fn attend<N: Dim, T: Dim>(q: &Tensor<s![N, T, 16]>) -> Tensor<s![N, T, 8]>
{
    let k: Tensor<s![N, 12, 16]> = Tensor::zeros_with((q.shape().0, D, D));
    let v: Tensor<s![N, 12, 8]> = Tensor::zeros_with((q.shape().0, D, D));
    q.scaled_dot_product_attention(&k, &v, Attention::new().causal())
}

fn main() {
    attend(&Tensor::<s![2, 10, 16]>::zeros());
}
