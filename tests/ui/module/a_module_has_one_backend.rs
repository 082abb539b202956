use volta::prelude::*;

#[derive(Module)]
#[module(no_init)]
struct Pair<A: Backend, B: Backend> {
    left: Linear<784, 10, A>,
    right: Linear<784, 10, B>,
}

fn main() {}
