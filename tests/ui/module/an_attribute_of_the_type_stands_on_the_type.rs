use volta::prelude::*;

#[derive(Module)]
struct Model<B: Backend = Cpu> {
    #[module(no_init)]
    fc: Linear<784, 10, B>,
}

fn main() {
    let _: Option<Model> = None;
}
