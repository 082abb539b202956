//! A function of `Num` calls none of one's own of `Float`
use volta::prelude::*;

#[elementwise]
fn swoosh(x: Float) -> Float {
    x * sigmoid(x)
}

#[elementwise]
fn twice(x: Num) -> Num {
    self::swoosh(x) + x
}

fn main() {}
