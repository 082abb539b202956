use volta::prelude::*;

#[derive(Module)]
#[module(no_init)]
struct Head<'a, B: Backend> {
    fc: Linear<784, 10, B>,
    #[module(skip)]
    name: &'a str,
}

fn main() {}
