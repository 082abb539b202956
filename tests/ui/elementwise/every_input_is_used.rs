use volta::prelude::*;

#[elementwise]
fn gate(x: Float, z: Float) -> Float {
    x * sigmoid(x)
}

fn main() {}
