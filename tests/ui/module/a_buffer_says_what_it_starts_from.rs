use volta::prelude::*;

#[derive(Module)]
struct Norm<B: Backend = Cpu> {
    #[module(buffer)]
    mean: Tensor<s![64], f32, B>,
}

fn main() {
    let _: Option<Norm> = None;
}
