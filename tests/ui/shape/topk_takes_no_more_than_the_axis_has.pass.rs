use volta::prelude::*;

fn best<N: Dim>(scores: &Tensor<s![N, 50257]>) -> Tensor<s![N, 5], i64> {
    scores.topk::<-1, 5>().1
}

fn main() {
    let scores: Tensor<s![2, 50257]> = Tensor::zeros();
    let _: Tensor<s![2, 5], i64> = best(&scores);
    let _: (Tensor<s![1]>, _) = Tensor::<s![1]>::zeros().topk_smallest::<0, 1>();
}
