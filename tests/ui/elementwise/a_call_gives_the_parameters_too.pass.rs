use volta::prelude::*;

#[elementwise]
fn gate(x: Float) -> Float {
    leaky_relu(x, 0.1)
}

fn main() {}
