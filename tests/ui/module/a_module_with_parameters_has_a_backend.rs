use volta::prelude::*;

#[derive(Module)]
struct Mlp {
    fc1: Linear<784, 128>,
    fc2: Linear<128, 10>,
}

fn main() {
    let _: Option<Mlp> = None;
}
