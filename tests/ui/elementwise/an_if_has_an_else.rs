//! An `if` has an `else`
use volta::prelude::*;

#[elementwise]
fn positive(x: Float) -> Float {
    if x > 0.0 {
        x
    }
}

fn main() {}
