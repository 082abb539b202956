use volta::prelude::*;

fn main() {
    let pool = AvgPool1d::<Window<4, 4>>::new();
    let x: Tensor<s![8, 6, 4]> = Tensor::zeros();
    let _ = pool.forward(&x);
}
