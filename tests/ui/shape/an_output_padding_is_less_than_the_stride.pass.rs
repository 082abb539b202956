use volta::prelude::*;

fn main() {
    type Up = ConvTranspose1d<8, 4, OutputPad<Window<3, 2, 1>, 1>>;
    let up: Up = ConvTranspose1d::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 8, 50]> = Tensor::zeros();
    let _ = up.forward(&x);
}
