use volta::prelude::*;

fn main() {
    let layer: Bilinear<3, 4, 2> = Init::init(&mut Rng::seed(0));
    let (x1, x2): (Tensor<s![8, 3]>, Tensor<s![8, 3]>) = (Tensor::zeros(), Tensor::zeros());
    let _ = layer.forward(&x1, &x2);
}
