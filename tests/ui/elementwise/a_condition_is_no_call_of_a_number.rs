//! A call in a condition returns `bool`
use volta::prelude::*;

#[elementwise]
fn positive(x: Float) -> Float {
    if relu(x) {
        x
    } else {
        0.0
    }
}

fn main() {}
