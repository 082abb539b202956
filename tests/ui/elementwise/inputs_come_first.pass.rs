use volta::prelude::*;

#[elementwise]
fn scaled(x: Float, a: f64) -> Float {
    a * x
}

fn main() {}
