use volta::prelude::*;

fn main() {
    let x: Tensor<s![2]> = Tensor::ones();
    let (_, pull) = vjp(&x, |x| x.square());
    let _ = pull(&Tensor::<s![3]>::ones());
}
