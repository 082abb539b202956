use volta::prelude::*;

#[elementwise]
fn scaled(a: f64, x: Float) -> Float {
    a * x
}

fn main() {}
