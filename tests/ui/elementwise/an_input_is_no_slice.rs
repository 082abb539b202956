use volta::prelude::*;

#[elementwise]
fn double(x: &[f32]) -> Float {
    2.0 * x
}

fn main() {}
