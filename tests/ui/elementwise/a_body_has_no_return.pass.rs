use volta::prelude::*;

#[elementwise]
fn positive(x: Float) -> Float {
    if x < 0.0 {
        0.0
    } else {
        x
    }
}

fn main() {}
