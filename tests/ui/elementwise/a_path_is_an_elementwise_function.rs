//! A path is an `#[elementwise]` function
use volta::prelude::*;

fn cube(x: f32) -> f32 {
    x * x * x
}

#[elementwise]
fn bend(x: Float) -> Float {
    x + self::cube(x)
}

fn main() {}
