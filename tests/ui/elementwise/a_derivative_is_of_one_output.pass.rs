use volta::prelude::*;

#[elementwise]
fn wave(x: Float) -> (Float, Float) {
    (exp(x), sin(x))
}

fn main() {}
