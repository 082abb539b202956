use volta::prelude::*;

#[elementwise]
fn half(x: Float) -> Float {
    0.5 * x
}

fn main() {}
