use volta::prelude::*;

#[elementwise]
#[derivative(x = y)]
fn wave(x: Float) -> (Float, Float) {
    (exp(x), sin(x))
}

fn main() {}
