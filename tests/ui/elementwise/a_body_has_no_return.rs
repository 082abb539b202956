//! A body has no `return`
use volta::prelude::*;

#[elementwise]
fn positive(x: Float) -> Float {
    if x < 0.0 {
        return 0.0;
    }
    x
}

fn main() {}
