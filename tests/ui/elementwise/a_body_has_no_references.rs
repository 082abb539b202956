use volta::prelude::*;

#[elementwise]
fn gated(x: Float) -> Float {
    relu(&x) * x
}

fn main() {}
