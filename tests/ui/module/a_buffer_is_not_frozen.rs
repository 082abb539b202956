use volta::prelude::*;

#[derive(Module)]
#[module(no_init)]
struct Norm<B: Backend = Cpu> {
    weight: Param<s![64], f32, B>,
    #[module(buffer, frozen)]
    mean: Tensor<s![64], f32, B>,
}

fn main() {
    let _: Option<Norm> = None;
}
