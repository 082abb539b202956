use volta::prelude::*;

#[elementwise]
fn half(x: Float) -> Float {
    0.5_f32 * x
}

fn main() {}
