use volta::prelude::*;

#[elementwise]
fn capped(x: Float, limit: f64) -> Float {
    assert!(limit > 0.0);
    min(x, limit)
}

fn main() {}
