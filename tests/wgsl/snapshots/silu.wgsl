fn volta_is_nan(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}
fn volta_scale(x: f32, n: i32) -> f32 {
    let half = n >> 1u;
    let lower = bitcast<f32>(u32(half + 127) << 23u);
    let upper = bitcast<f32>(u32(n - half + 127) << 23u);
    return x * lower * upper;
}
fn volta_exp_parts(x: f32) -> vec2<f32> {
    let bounded = clamp(x, -110.0f, 95.0f);
    let n = round(bounded * 1.442695f);
    let r = (bounded - n * 0.693359375f) + n * 2.1219444e-4f;
    var p = 1.3822748e-3f;
    p = p * r + 8.367887e-3f;
    p = p * r + 4.1668106e-2f;
    p = p * r + 1.6666517e-1f;
    p = p * r + 4.9999994e-1f;
    return vec2<f32>(p * (r * r) + r, n);
}
fn volta_exp(x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    let parts = volta_exp_parts(x);
    return volta_scale(parts.x + 1.0f, i32(parts.y));
}
fn silu_value(x0: f32) -> f32 {
    let v0 = volta_exp(-abs(x0));
    return x0 * (select(1.0f, v0, x0 < 0.0f) / (1.0f + v0));
}
fn silu_vjp_0_0(x0: f32, gy: f32) -> f32 {
    let v0 = volta_exp(-abs(x0));
    let v1 = select(1.0f, v0, x0 < 0.0f) / (1.0f + v0);
    return (v1 + x0 * (v1 * (1.0f - v1))) * gy;
}
