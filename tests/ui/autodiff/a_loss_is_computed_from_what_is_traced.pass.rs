use volta::prelude::*;

fn main() {
    let model: Linear<3, 1> = Linear::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 3]> = Tensor::ones();
    let _ = value_and_grad(&model, |m| m.forward(&x.lift()).mean());
}
