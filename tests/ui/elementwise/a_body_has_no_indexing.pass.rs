use volta::prelude::*;

#[elementwise]
fn total(x: Float, y: Float) -> Float {
    x + y
}

fn main() {}
