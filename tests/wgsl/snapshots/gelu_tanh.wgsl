fn gelu_tanh_value(x0: f32) -> f32 {
    let v0 = 1.5957692f * x0 * (1.0f + 0.044715f * x0 * x0);
    let v1 = volta_exp(-abs(v0));
    return x0 * (select(1.0f, v1, v0 < 0.0f) / (1.0f + v1));
}
fn gelu_tanh_vjp_0_0(x0: f32, gy: f32) -> f32 {
    let v0 = 1.5957692f * x0;
    let v1 = 0.044715f * x0;
    let v2 = 1.0f + v1 * x0;
    let v3 = v0 * v2;
    let v4 = volta_exp(-abs(v3));
    let v5 = select(1.0f, v4, v3 < 0.0f) / (1.0f + v4);
    let v6 = x0 * (v5 * (1.0f - v5));
    let v7 = v6 * v0;
    return (v5 + v7 * v1 + 0.044715f * (v7 * x0) + 1.5957692f * (v6 * v2)) * gy;
}
