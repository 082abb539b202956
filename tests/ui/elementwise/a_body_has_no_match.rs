//! A body has no `match`
use volta::prelude::*;

#[elementwise]
fn bent(x: Float) -> Float {
    match x > 0.0 {
        true => x,
        false => 0.5 * x,
    }
}

fn main() {}
