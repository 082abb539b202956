//! `cosine_embedding_loss` takes one target for each pair
use volta::prelude::*;

fn main() {
    let (x, y): (Tensor<s![32, 10]>, Tensor<s![32, 10]>) = (Tensor::zeros(), Tensor::zeros());
    let target: Tensor<s![10]> = Tensor::ones();
    let _ = x.cosine_embedding_loss(&y, &target, 0.0);
}
