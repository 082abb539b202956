fn hypot_value(x0: f32, x1: f32) -> f32 {
    return volta_hypot(x0, x1);
}
fn hypot_vjp_0_0(x0: f32, y: f32, gy: f32) -> f32 {
    return x0 / y * gy;
}
fn hypot_vjp_0_1(x1: f32, y: f32, gy: f32) -> f32 {
    return x1 / y * gy;
}
