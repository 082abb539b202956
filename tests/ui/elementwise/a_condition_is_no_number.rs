use volta::prelude::*;

#[elementwise]
fn positive(x: Float) -> Float {
    x * (x > 0.0)
}

fn main() {}
