use volta::prelude::*;

#[elementwise]
fn double(x: Float) -> f32 {
    2.0 * x
}

fn main() {}
