use volta::prelude::*;

#[elementwise]
fn scaled(x: Float, step: f64) -> Float {
    x * step as f32
}

fn main() {}
