use volta::prelude::*;

fn main() {
    let words: Embedding<100, 16> = Init::init(&mut Rng::seed(0));
    let text: Tensor<s![2, 2, 2, 2, 2, 2], i64> = Tensor::zeros();
    let _ = words.forward(&text);
}
