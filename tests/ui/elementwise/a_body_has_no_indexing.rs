use volta::prelude::*;

#[elementwise]
fn total(x: Float, y: Float) -> Float {
    x[0] + y
}

fn main() {}
