use volta::prelude::*;

#[elementwise]
fn thrice(x: Float) -> Float {
    let sum = x + x + x;
    sum
}

fn main() {}
