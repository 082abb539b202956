use volta::prelude::*;

#[elementwise]
fn scaled(x: Float, count: Float) -> Float {
    x * count
}

fn main() {}
