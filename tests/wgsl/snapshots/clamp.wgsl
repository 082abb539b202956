fn clamp_value(x0: f32, x1: f32, x2: f32) -> f32 {
    let v0 = select(x0, x1, x0 < x1);
    return select(v0, x2, x2 < v0);
}
fn clamp_vjp_0_0(x0: f32, x1: f32, x2: f32, gy: f32) -> f32 {
    return select(0.0f, 1.0f, (x1 < x0) & (x0 < x2)) * gy;
}
fn clamp_vjp_0_1(x0: f32, x1: f32, x2: f32, gy: f32) -> f32 {
    return select(0.0f, 1.0f, (x0 <= x1) & (x1 < x2)) * gy;
}
fn clamp_vjp_0_2(x0: f32, x1: f32, x2: f32, gy: f32) -> f32 {
    return select(0.0f, 1.0f, (x2 <= x0) | (x2 <= x1)) * gy;
}
