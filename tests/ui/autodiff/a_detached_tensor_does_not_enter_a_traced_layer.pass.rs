use volta::prelude::*;

fn main() {
    let model: Linear<3, 3> = Linear::init(&mut Rng::seed(0));
    let x: Tensor<s![8, 3]> = Tensor::ones();
    let _ = grad(&model, |m| {
        let y = m.forward(&x.lift());
        m.forward(&y.detach().lift()).mean()
    });
}
