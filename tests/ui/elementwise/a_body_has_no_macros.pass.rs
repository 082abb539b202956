use volta::prelude::*;

#[elementwise]
fn capped(x: Float, limit: f64) -> Float {
    min(x, limit)
}

fn main() {}
