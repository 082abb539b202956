use volta::prelude::*;

#[derive(Module)]
#[module(no_init)]
struct Head<B: Backend> {
    fc: Linear<784, 10, B>,
    #[module(skip)]
    name: &'static str,
}

fn main() {}
