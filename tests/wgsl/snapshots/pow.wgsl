fn pow_value(x0: f32, x1: f32) -> f32 {
    return volta_pow(x0, x1);
}
fn pow_vjp_0_0(x0: f32, x1: f32, gy: f32) -> f32 {
    return select(x1 * volta_pow(x0, x1 - 1.0f), 0.0f, x1 == 0.0f) * gy;
}
fn pow_vjp_0_1(x0: f32, x1: f32, y: f32, gy: f32) -> f32 {
    let v0 = y * volta_ln(x0);
    return select(v0, select(v0, 0.0f, 0.0f <= x1), x0 == 0.0f) * gy;
}
