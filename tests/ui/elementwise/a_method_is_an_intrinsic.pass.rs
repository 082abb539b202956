use volta::prelude::*;

#[elementwise]
fn cube(x: Float) -> Float {
    x.pow(3)
}

fn main() {}
