use volta::prelude::*;

#[elementwise]
fn snake(x: Float) -> Float {
    let s = sin(x);
    let s = s * s;
    x + s
}

fn main() {}
