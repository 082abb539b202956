use volta::prelude::*;

#[elementwise]
fn positive(x: Float) -> Float {
    if relu(x) > 0.0 {
        x
    } else {
        0.0
    }
}

fn main() {}
