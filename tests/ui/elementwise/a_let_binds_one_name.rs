//! A `let` binds one name
use volta::prelude::*;

#[elementwise]
fn wave(x: Float) -> Float {
    let (s, c) = (sin(x), cos(x));
    s * c
}

fn main() {}
