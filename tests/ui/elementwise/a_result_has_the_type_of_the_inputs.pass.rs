use volta::prelude::*;

#[elementwise]
fn double(x: Float) -> Float {
    2.0 * x
}

fn main() {}
