use volta::prelude::*;

#[derive(Module)]
#[module(no_init)]
struct Scale<B: Backend = Cpu> {
    weight: Param<s![64], f32, B>,
}

fn main() {
    let _: Option<Scale> = None;
}
