use volta::prelude::*;

#[elementwise]
fn fold(x: Float) -> Float {
    if x > 1.0 {
        fold(x - 1.0)
    } else {
        x
    }
}

fn main() {}
