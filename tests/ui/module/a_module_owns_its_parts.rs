use volta::prelude::*;

#[derive(Module)]
struct Head<B: Backend> {
    body: &'static Linear<784, 10, B>,
}

fn main() {}
