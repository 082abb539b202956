use volta::prelude::*;

#[derive(Module)]
#[module(no_init)]
struct Pair<B: Backend> {
    left: Linear<784, 10, B>,
    right: Linear<784, 10, B>,
}

fn main() {}
