//! A function of one's own is called by its path
use volta::prelude::*;

#[elementwise]
fn swoosh(x: Float) -> Float {
    x * sigmoid(x)
}

#[elementwise]
fn twice(x: Float) -> Float {
    swoosh(swoosh(x))
}

fn main() {}
