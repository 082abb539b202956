use volta::prelude::*;

#[elementwise]
fn cube(x: Float) -> Float {
    x.powi(3)
}

fn main() {}
