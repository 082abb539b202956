use volta::prelude::*;

#[elementwise]
fn bent(x: Float) -> Float {
    if x > 0.0 {
        x
    } else {
        0.5 * x
    }
}

fn main() {}
