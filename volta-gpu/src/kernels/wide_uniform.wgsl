// The upper 53 bits of two words, the first the high one, between 0 and 1.
fn wide(high: u32, low: u32) -> f64 {
    return (f64(high) * 2097152.0lf + f64(low >> 11u)) / 9007199254740992.0lf;
}
