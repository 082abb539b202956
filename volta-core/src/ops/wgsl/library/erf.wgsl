// After FreeBSD's msun:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that
// this notice is preserved.

// erf(x) / x - 1 below 0.84375.
fn volta_erf_small(x: f32) -> f32 {
    let z = x * x;
    var p = -2.3763017e-5f;
    p = p * z - 0.0057702702f;
    p = p * z - 0.02848175f;
    p = p * z - 0.3250421f;
    p = p * z + 0.12837917f;
    var q = -3.9602282e-6f;
    q = q * z + 0.00013249474f;
    q = q * z + 0.005081306f;
    q = q * z + 0.06502225f;
    q = q * z + 0.3979172f;
    q = q * z + 1.0f;
    return p / q;
}

// erfc(x) of 0.84375 to 28.
fn volta_erf_large(x: f32) -> f32 {
    if x < 1.25f {
        let s = x - 1.0f;
        var p = -0.0021663755f;
        p = p * s + 0.035478305f;
        p = p * s - 0.110894695f;
        p = p * s + 0.31834662f;
        p = p * s - 0.37220788f;
        p = p * s + 0.4148561f;
        p = p * s - 0.0023621186f;
        var q = 0.0119845f;
        q = q * s + 0.013637084f;
        q = q * s + 0.12617122f;
        q = q * s + 0.071828656f;
        q = q * s + 0.54039794f;
        q = q * s + 0.10642088f;
        q = q * s + 1.0f;
        return 0.15493708849f - p / q;
    }
    let s = 1.0f / (x * x);
    var ratio = 0.0f;
    if x < 2.857143f {
        var p = -9.814329f;
        p = p * s - 81.28744f;
        p = p * s - 184.60509f;
        p = p * s - 162.39667f;
        p = p * s - 62.37533f;
        p = p * s - 10.558626f;
        p = p * s - 0.69385856f;
        p = p * s - 0.009864944f;
        var q = -0.060424414f;
        q = q * s + 6.5702496f;
        q = q * s + 108.635f;
        q = q * s + 429.00815f;
        q = q * s + 645.38727f;
        q = q * s + 434.5659f;
        q = q * s + 137.65776f;
        q = q * s + 19.651272f;
        q = q * s + 1.0f;
        ratio = p / q;
    } else {
        var p = -483.5192f;
        p = p * s - 1025.0951f;
        p = p * s - 637.56647f;
        p = p * s - 160.63638f;
        p = p * s - 17.757956f;
        p = p * s - 0.79928327f;
        p = p * s - 0.009864943f;
        var q = -22.440952f;
        q = q * s + 474.52853f;
        q = q * s + 2553.0503f;
        q = q * s + 3199.8582f;
        q = q * s + 1536.7296f;
        q = q * s + 325.7925f;
        q = q * s + 30.33806f;
        q = q * s + 1.0f;
        ratio = p / q;
    }
    let z = bitcast<f32>(bitcast<u32>(x) & 0xffffe000u);
    return volta_exp(-z * z - 0.5625f) * volta_exp((z - x) * (z + x) + ratio) / x;
}

// Within 1 ulp.
fn volta_erf(x: f32) -> f32 {
    let a = abs(x);
    if volta_is_nan(x) {
        return x;
    }
    if a < 0.84375f {
        return x + x * volta_erf_small(x);
    }
    if a < 6.0f {
        return volta_copysign(1.0f - volta_erf_large(a), x);
    }
    return volta_copysign(1.0f, x);
}

// Within 3.5 ulp.
fn volta_erfc(x: f32) -> f32 {
    let a = abs(x);
    if volta_is_nan(x) {
        return x;
    }
    if a < 0.84375f {
        let y = x * volta_erf_small(x);
        if x < 0.25f {
            return 1.0f - (x + y);
        }
        return 0.5f - (x - 0.5f + y);
    }
    if a < 28.0f {
        let y = volta_erf_large(a);
        return select(y, 2.0f - y, x < 0.0f);
    }
    return select(0.0f, 2.0f, x < 0.0f);
}
