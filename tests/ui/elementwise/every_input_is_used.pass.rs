use volta::prelude::*;

#[elementwise]
fn gate(x: Float, z: Float) -> Float {
    x * sigmoid(z)
}

fn main() {}
