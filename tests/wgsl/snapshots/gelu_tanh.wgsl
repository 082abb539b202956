fn gelu_tanh_value(x0: f32) -> f32 {
    return 0.5f * x0 * (1.0f + volta_tanh(0.7978846f * (x0 + 0.044715f * (x0 * x0 * x0))));
}
fn gelu_tanh_vjp_0_0(x0: f32, gy: f32) -> f32 {
    let v0 = x0 * x0;
    let v1 = volta_tanh(0.7978846f * (x0 + 0.044715f * x0 * v0));
    return (0.5f * (1.0f + v1) + 0.5f * x0 * (1.0f - v1 * v1) * (0.7978846f * (1.0f + 0.134145f * v0))) * gy;
}
