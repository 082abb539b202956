use volta::prelude::*;

#[elementwise]
fn scaled(x: Float, count: Int) -> Float {
    x * count
}

fn main() {}
