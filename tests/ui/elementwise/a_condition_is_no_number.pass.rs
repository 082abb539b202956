use volta::prelude::*;

#[elementwise]
fn positive(x: Float) -> Float {
    x * if x > 0.0 { 1.0 } else { 0.0 }
}

fn main() {}
