use volta::prelude::*;

fn main() {
    type Up = ConvTranspose2d<8, 4, Window<3, 1, 2>>;
    let up: Up = ConvTranspose2d::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 8, 2, 2]> = Tensor::zeros();
    let _ = up.forward(&x);
}
