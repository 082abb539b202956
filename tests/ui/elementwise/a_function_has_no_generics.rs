use volta::prelude::*;

#[elementwise]
fn triple<T: Float>(x: T) -> T {
    x + x + x
}

fn main() {}
