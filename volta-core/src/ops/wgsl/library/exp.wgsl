// e^r - 1 and the n of e^x = 2^n e^r.
fn volta_exp_parts(x: f32) -> vec2<f32> {
    let bounded = clamp(x, -110.0f, 95.0f);
    let n = round(bounded * 1.442695f);
    let r = (bounded - n * 0.693359375f) + n * 2.1219444e-4f;
    // (e^r - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2]: 2^-27 of e^r.
    var p = 1.3822748e-3f;
    p = p * r + 8.367887e-3f;
    p = p * r + 4.1668106e-2f;
    p = p * r + 1.6666517e-1f;
    p = p * r + 4.9999994e-1f;
    return vec2<f32>(p * (r * r) + r, n);
}

// Within 1.1 ulp.
fn volta_exp(x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    let parts = volta_exp_parts(x);
    return volta_scale(parts.x + 1.0f, i32(parts.y));
}

// 2^r for r of -1/2 to 1/2.
fn volta_exp2_near(r: f32) -> f32 {
    // (2^r - 1) / r on [-1/2, 1/2]: 2^-26 of 2^r.
    var p = 1.3330643e-4f;
    p = p * r + 1.3387941e-3f;
    p = p * r + 9.625445e-3f;
    p = p * r + 5.5503663e-2f;
    p = p * r + 2.4022594e-1f;
    p = p * r + 6.931472e-1f;
    return p * r + 1.0f;
}

// Within 1.2 ulp.
fn volta_exp2(x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    let bounded = clamp(x, -151.0f, 129.0f);
    let n = round(bounded);
    return volta_scale(volta_exp2_near(bounded - n), i32(n));
}

// Within 1.7 ulp. Of e^x = 2^n e^r, half of 2^n is taken: at the top 2^n would be infinite.
fn volta_expm1(x: f32) -> f32 {
    if volta_is_nan(x) | (abs(x) < 1e-10f) {
        return x;
    }
    let bounded = clamp(x, -18.0f, 89.0f);
    let n = round(bounded * 1.442695f);
    let r = (bounded - n * 0.693359375f) + n * 2.1219444e-4f;
    // (e^r - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2]: 2^-26 of e^r - 1.
    var p = 1.3839357e-3f;
    p = p * r + 8.367058e-3f;
    p = p * r + 4.1667745e-2f;
    p = p * r + 1.6666539e-1f;
    p = p * r + 0.5f;
    let half = volta_from_bits(u32(i32(n) + 126) << 23u);
    return 2.0f * (half * (p * (r * r) + r) + (half - 0.5f));
}
