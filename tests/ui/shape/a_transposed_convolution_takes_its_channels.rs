use volta::prelude::*;

fn main() {
    let up: ConvTranspose1d<8, 4, Window<4, 2, 1>> = ConvTranspose1d::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 4, 50]> = Tensor::zeros();
    let _ = up.forward(&x);
}
