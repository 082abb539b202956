use volta::prelude::*;

#[elementwise]
fn swoosh(x: Float) -> Float {
    x * sigmoid(x)
}

#[elementwise]
fn twice(x: Float) -> Float {
    self::swoosh(x) + x
}

fn main() {}
