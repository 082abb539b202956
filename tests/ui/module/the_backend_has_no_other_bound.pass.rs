use volta::prelude::*;

trait Fast {}

#[derive(Module)]
struct Model<B: Backend> {
    fc: Linear<784, 10, B>,
}

fn main() {}
