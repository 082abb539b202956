// e^x / 2, without overflow on the way.
fn volta_exp_half(x: f32) -> f32 {
    let parts = volta_exp_parts(x);
    return volta_scale(parts.x + 1.0f, i32(parts.y) - 1);
}

// Within 1.7 ulp.
fn volta_sinh(x: f32) -> f32 {
    let a = abs(x);
    if volta_is_nan(x) {
        return x;
    }
    if a > 1.0f {
        let half = volta_exp_half(a);
        return volta_copysign(half - 0.25f / half, x);
    }
    let z = x * x;
    // (sinh(x) / x - 1) / x^2 on [0, 1], in x^2: 2^-31 of sinh(x).
    var p = 2.7822132e-6f;
    p = p * z + 1.9842896e-4f;
    p = p * z + 8.3333105e-3f;
    p = p * z + 1.6666667e-1f;
    return x + x * (z * p);
}

// Within 1.5 ulp.
fn volta_cosh(x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    let half = volta_exp_half(abs(x));
    return half + 0.25f / half;
}

// Within 1.1 ulp.
fn volta_tanh(x: f32) -> f32 {
    let a = abs(x);
    if volta_is_nan(x) {
        return x;
    }
    if a >= 0.7f {
        let y = 1.0f - 2.0f / (volta_exp(2.0f * min(a, 10.0f)) + 1.0f);
        return volta_copysign(y, x);
    }
    let z = x * x;
    // (tanh(x) / x - 1) / x^2 on [0, 0.7], in x^2: 2^-30 of tanh(x).
    var p = 1.9007606e-3f;
    p = p * z - 7.891315e-3f;
    p = p * z + 2.157583e-2f;
    p = p * z - 5.392228e-2f;
    p = p * z + 1.3333e-1f;
    p = p * z - 3.3333325e-1f;
    return volta_copysign(a + a * (z * p), x);
}

// Within 1.6 ulp. The logarithm of x + sqrt(x^2 + 1), which from 2^13 on is 2 x.
fn volta_asinh(x: f32) -> f32 {
    let a = abs(x);
    if bitcast<u32>(a) >= 0x7f800000u {
        return x;
    }
    if a > 8192.0f {
        return volta_copysign(volta_ln_of_sum(a, 0.0f, 1.0f), x);
    }
    let z = a * a;
    if a > 0.7f {
        return volta_copysign(volta_ln_of_sum(sqrt(z + 1.0f), a, 0.0f), x);
    }
    // (asinh(x) / x - 1) / x^2 on [0, 0.7], in x^2: 2^-28 of asinh(x).
    var p = 5.4046586e-3f;
    p = p * z - 1.6359953e-2f;
    p = p * z + 2.8681586e-2f;
    p = p * z - 4.4385828e-2f;
    p = p * z + 7.498165e-2f;
    p = p * z - 1.6666622e-1f;
    return volta_copysign(a + a * (z * p), x);
}

// Within 1.5 ulp. With t = x - 1, sqrt(x^2 - 1) is sqrt(t * t + 2 * t), near 1 almost sqrt(2 t).
fn volta_acosh(x: f32) -> f32 {
    if volta_is_nan(x) | (bitcast<u32>(x) == 0x7f800000u) {
        return x;
    }
    if x < 1.0f {
        return volta_from_bits(0x7fc00000u);
    }
    if x > 8192.0f {
        return volta_ln_of_sum(x, 0.0f, 1.0f);
    }
    let t = x - 1.0f;
    if t >= 0.5f {
        return volta_ln_of_sum(t + sqrt(t * t + 2.0f * t), 1.0f, 0.0f);
    }
    // (acosh(1 + t) / sqrt(2 t) - 1) / t on [0, 0.5]: 2^-29 of acosh(1 + t).
    var p = -4.132668e-4f;
    p = p * t + 1.7600975e-3f;
    p = p * t - 5.5478746e-3f;
    p = p * t + 1.8746601e-2f;
    p = p * t - 8.333322e-2f;
    let root = sqrt(2.0f * t);
    return root + root * (t * p);
}

// Within 1.1 ulp. Beyond 1/2 it is ln(1 + 2 x / (1 - x)) / 2.
fn volta_atanh(x: f32) -> f32 {
    let a = abs(x);
    let one = 0x3f800000u;
    if bitcast<u32>(a) >= one {
        let pole = select(0x7fc00000u, 0x7f800000u, bitcast<u32>(a) == one);
        return volta_copysign(volta_from_bits(pole), x);
    }
    if a > 0.5f {
        return volta_copysign(0.5f * volta_log1p((a + a) / (1.0f - a)), x);
    }
    let z = a * a;
    // (atanh(x) / x - 1) / x^2 on [0, 0.5], in x^2: 2^-29 of atanh(x).
    var p = 1.7702387e-1f;
    p = p * z + 5.1244456e-2f;
    p = p * z + 1.1822899e-1f;
    p = p * z + 1.42234e-1f;
    p = p * z + 2.0002455e-1f;
    p = p * z + 3.3333302e-1f;
    return x + x * (z * p);
}
