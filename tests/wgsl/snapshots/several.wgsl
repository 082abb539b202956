struct SinCosValueOut {
    y0: f32,
    y1: f32,
}
fn sin_cos_value(x0: f32, p0: f32, p1: f32) -> SinCosValueOut {
    let v0 = x0 * p0;
    return SinCosValueOut(volta_sin(v0), volta_cos(v0));
}
fn sin_cos_vjp_1_0(x0: f32, p1: f32, gy: f32) -> f32 {
    return -volta_sin(x0) * p1 * gy;
}
