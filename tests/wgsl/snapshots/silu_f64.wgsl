fn volta_is_nan_f64(x: f64) -> bool {
    return (bitcast<u64>(x) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}
fn volta_scale_f64(x: f64, n: i32) -> f64 {
    let half = n >> 1u;
    let lower = bitcast<f64>(u64(half + 1023) << 52u);
    let upper = bitcast<f64>(u64(n - half + 1023) << 52u);
    return x * lower * upper;
}
fn volta_exp_parts_f64(x: f64) -> vec2<f64> {
    let bounded = clamp(x, -760.0lf, 720.0lf);
    let n = round(bounded * 1.4426950408889634lf);
    let r = (bounded - n * 0.6931471805582987lf) - n * 1.6465949582897082e-12lf;
    var p = 2.4998880495834002e-8lf;
    p = p * r + 2.763064181895319e-7lf;
    p = p * r + 2.755759239138877e-6lf;
    p = p * r + 2.480149209305145e-5lf;
    p = p * r + 0.0001984126949733164lf;
    p = p * r + 0.0013888888944492094lf;
    p = p * r + 0.008333333333499823lf;
    p = p * r + 0.04166666666652737lf;
    p = p * r + 0.16666666666666402lf;
    p = p * r + 0.5000000000000011lf;
    return vec2<f64>(p * (r * r) + r, n);
}
fn volta_exp_f64(x: f64) -> f64 {
    if volta_is_nan_f64(x) {
        return x;
    }
    let parts = volta_exp_parts_f64(x);
    return volta_scale_f64(parts.x + 1.0lf, i32(parts.y));
}
fn silu_value(x0: f64) -> f64 {
    let v0 = volta_exp_f64(-abs(x0));
    return x0 * (select(1.0lf, v0, x0 < 0.0lf) / (1.0lf + v0));
}
fn silu_vjp_0_0(x0: f64, gy: f64) -> f64 {
    let v0 = volta_exp_f64(-abs(x0));
    let v1 = select(1.0lf, v0, x0 < 0.0lf) / (1.0lf + v0);
    return (v1 + x0 * (v1 * (1.0lf - v1))) * gy;
}
