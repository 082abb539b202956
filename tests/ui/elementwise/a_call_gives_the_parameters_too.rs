use volta::prelude::*;

#[elementwise]
fn gate(x: Float) -> Float {
    leaky_relu(x)
}

fn main() {}
