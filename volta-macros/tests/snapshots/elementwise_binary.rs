/// The length of the hypotenuse.
#[elementwise]
pub fn length(a: Float, b: Float) -> Float {
    sqrt(a * a + b * b)
}

/// Whether `a` is within `tolerance` of `b`.
#[elementwise]
fn is_near(a: Float, b: Float, tolerance: f64) -> bool {
    abs(a - b) <= tolerance
}
