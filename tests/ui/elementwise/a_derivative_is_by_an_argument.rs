use volta::prelude::*;

#[elementwise]
#[derivative(input = 1.0)]
fn rounded(x: Float) -> Float {
    round(x)
}

fn main() {}
