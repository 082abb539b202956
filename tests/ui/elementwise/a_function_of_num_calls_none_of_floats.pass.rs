use volta::prelude::*;

#[elementwise]
fn gated(x: Float) -> Float {
    x * sigmoid(x)
}

fn main() {}
