use volta::prelude::*;

#[elementwise]
fn cube(x: Float) -> Float {
    x * x * x
}

#[elementwise]
fn bend(x: Float) -> Float {
    x + self::cube(x)
}

fn main() {}
