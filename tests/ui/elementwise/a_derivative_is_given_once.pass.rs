use volta::prelude::*;

#[elementwise]
#[derivative(a = b)]
#[derivative(b = a)]
fn product(a: Float, b: Float) -> Float {
    a * b
}

fn main() {}
