use volta::prelude::*;

#[elementwise]
fn double(a: f64) -> Float {
    2.0 * a
}

fn main() {}
