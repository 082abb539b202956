use volta::prelude::*;

#[derive(Module)]
struct Norm<B: Backend = Cpu> {
    #[module(buffer, init = Tensor::full_on((D,), 0.0, device))]
    mean: Tensor<s![64], f32, B>,
}

fn main() {
    let _: Option<Norm> = None;
}
