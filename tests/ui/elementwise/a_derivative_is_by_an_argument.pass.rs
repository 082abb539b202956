use volta::prelude::*;

#[elementwise]
#[derivative(x = 1.0)]
fn rounded(x: Float) -> Float {
    round(x)
}

fn main() {}
