use volta::prelude::*;

#[elementwise]
fn wave(x: Float) -> Float {
    let s = sin(x);
    let c = cos(x);
    s * c
}

fn main() {}
