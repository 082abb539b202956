use volta::prelude::*;

#[derive(Module)]
#[module(no_init)]
struct Model<B: Backend = Cpu> {
    fc: Linear<784, 10, B>,
    #[module(skip)]
    mask: Tensor<s![784], f32, B>,
}

fn main() {
    let _: Option<Model> = None;
}
