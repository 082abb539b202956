use volta::prelude::*;

fn main() {
    let mut rng = Rng::seed(0);
    let layers: (Linear<784, 128>, Linear<128, 10>) = Init::init(&mut rng);
    let x: Tensor<s![32, 784]> = Tensor::zeros();
    let _ = layers.forward(&x);
}
