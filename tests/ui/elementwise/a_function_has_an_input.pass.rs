use volta::prelude::*;

#[elementwise]
fn double(a: Float) -> Float {
    2.0 * a
}

fn main() {}
