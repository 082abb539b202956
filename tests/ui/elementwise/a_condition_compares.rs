use volta::prelude::*;

#[elementwise]
fn is_set(x: Float) -> Float {
    if x {
        1.0
    } else {
        0.0
    }
}

fn main() {}
