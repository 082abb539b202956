use volta::prelude::*;

fn main() {
    let w: Tensor<s![3]> = Tensor::ones();
    let traced = Traced::new(&w);
    let (first, second) = (traced.sum(), traced.square().sum());
    let _ = traced.backward(first + second);
}
