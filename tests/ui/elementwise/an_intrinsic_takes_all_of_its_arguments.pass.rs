use volta::prelude::*;

#[elementwise]
fn length(x: Float, y: Float) -> Float {
    hypot(x, y)
}

fn main() {}
