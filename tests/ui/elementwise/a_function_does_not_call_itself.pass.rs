use volta::prelude::*;

#[elementwise]
fn fold(x: Float) -> Float {
    if x > 1.0 {
        x - floor(x)
    } else {
        x
    }
}

fn main() {}
