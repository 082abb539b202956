use volta::prelude::*;

#[elementwise]
fn thrice(x: Float) -> Float {
    let sum = 0.0;
    for _ in 0..3 {
        sum += x;
    }
    sum
}

fn main() {}
