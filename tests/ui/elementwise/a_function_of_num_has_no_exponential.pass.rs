use volta::prelude::*;

#[elementwise]
fn grown(x: Float) -> Float {
    exp(x) + x
}

fn main() {}
