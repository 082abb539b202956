// After musl and Cephes (S. L. Moshier).

// Within 2 ulp.
fn volta_sinh(x: f32) -> f32 {
    let a = abs(x);
    if a < 1.0f {
        let t = volta_expm1(a);
        return volta_copysign(0.5f * (2.0f * t - t * t / (t + 1.0f)), x);
    }
    if a < 88.7f {
        let t = volta_expm1(a);
        return volta_copysign(0.5f * (t + t / (t + 1.0f)), x);
    }
    let root = volta_exp(0.5f * a);
    return volta_copysign(0.5f * root * root, x);
}

// Within 2 ulp.
fn volta_cosh(x: f32) -> f32 {
    let a = abs(x);
    if a < 0.6931472f {
        let t = volta_expm1(a);
        return 1.0f + t * t / (2.0f * (1.0f + t));
    }
    if a < 88.7f {
        let t = volta_exp(a);
        return 0.5f * (t + 1.0f / t);
    }
    let root = volta_exp(0.5f * a);
    return 0.5f * root * root;
}

// Within 1.5 ulp.
fn volta_tanh(x: f32) -> f32 {
    let a = abs(x);
    if a < 0.625f {
        let z = a * a;
        var p = -5.7049887e-3f;
        p = p * z + 2.0639088e-2f;
        p = p * z - 5.3739715e-2f;
        p = p * z + 1.3331442e-1f;
        p = p * z - 3.333328e-1f;
        return volta_copysign(p * z * a + a, x);
    }
    if volta_is_nan(x) {
        return x;
    }
    let y = 1.0f - 2.0f / (volta_exp(2.0f * min(a, 20.0f)) + 1.0f);
    return volta_copysign(y, x);
}

// Within 3 ulp.
fn volta_asinh(x: f32) -> f32 {
    let a = abs(x);
    if a < 2.4414062e-4f {
        return x;
    }
    if a < 2.0f {
        return volta_copysign(volta_log1p(a + a * a / (sqrt(a * a + 1.0f) + 1.0f)), x);
    }
    if a < 4096.0f {
        return volta_copysign(volta_ln(2.0f * a + 1.0f / (sqrt(a * a + 1.0f) + a)), x);
    }
    return volta_copysign(volta_ln(a) + 0.6931472f, x);
}

// Within 3 ulp.
fn volta_acosh(x: f32) -> f32 {
    if x < 1.0f {
        return volta_from_bits(0x7fc00000u);
    }
    if x < 2.0f {
        let a = x - 1.0f;
        return volta_log1p(a + sqrt(a * a + 2.0f * a));
    }
    if x < 4096.0f {
        return volta_ln(2.0f * x - 1.0f / (x + sqrt(x * x - 1.0f)));
    }
    return volta_ln(x) + 0.6931472f;
}

// Within 3 ulp.
fn volta_atanh(x: f32) -> f32 {
    let a = abs(x);
    if a < 2.3283064e-10f {
        return x;
    }
    if a < 0.5f {
        return volta_copysign(0.5f * volta_log1p(2.0f * a + 2.0f * a * a / (1.0f - a)), x);
    }
    if a < 1.0f {
        return volta_copysign(0.5f * volta_log1p(2.0f * (a / (1.0f - a))), x);
    }
    return volta_copysign(volta_from_bits(select(0x7fc00000u, 0x7f800000u, a == 1.0f)), x);
}
