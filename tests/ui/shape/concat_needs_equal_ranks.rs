use volta::prelude::*;

fn main() {
    let batch: Tensor<s![32, 784]> = Tensor::zeros();
    let image: Tensor<s![784]> = Tensor::ones();
    let _ = batch.cat::<0, _>(&image);
}
