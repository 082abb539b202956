fn volta_is_nan(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}
fn volta_scale(x: f32, n: i32) -> f32 {
    let half = n >> 1u;
    let lower = bitcast<f32>(u32(half + 127) << 23u);
    let upper = bitcast<f32>(u32(n - half + 127) << 23u);
    return x * lower * upper;
}
fn volta_exp(x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    let bounded = clamp(x, -104.0f, 88.73f);
    let n = round(bounded * 1.442695f);
    let r = (bounded - n * 0.693359375f) + n * 2.1219444005e-4f;
    var p = 1.98756915e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 0.5f;
    return volta_scale(p * (r * r) + r + 1.0f, i32(n));
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
