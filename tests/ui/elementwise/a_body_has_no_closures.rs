use volta::prelude::*;

#[elementwise]
fn bend(x: Float) -> Float {
    let cube = |x| x * x * x;
    x + cube(x)
}

fn main() {}
