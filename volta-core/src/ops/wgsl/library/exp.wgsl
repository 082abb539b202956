// Coefficients of exp and exp2: Cephes (S. L. Moshier). expm1 after FreeBSD's msun:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that
// this notice is preserved.

// Within 1.5 ulp.
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

// Within 1.5 ulp.
fn volta_exp2(x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    let bounded = clamp(x, -151.0f, 129.0f);
    let n = round(bounded);
    let r = bounded - n;
    var p = 1.5353361883195e-4f;
    p = p * r + 1.339887440266574e-3f;
    p = p * r + 9.61843735767464e-3f;
    p = p * r + 5.550332471162809e-2f;
    p = p * r + 2.402264791363012e-1f;
    p = p * r + 6.931472028550421e-1f;
    return volta_scale(p * r + 1.0f, i32(n));
}

// Within 1.5 ulp.
fn volta_expm1(x: f32) -> f32 {
    let magnitude = bitcast<u32>(x) & 0x7fffffffu;
    if (magnitude > 0x7f800000u) | (magnitude < 0x33000000u) {
        return x;
    }
    if x > 88.72284f {
        return volta_from_bits(0x7f800000u);
    }
    if x < -18.7f {
        return -1.0f;
    }
    var k = 0i;
    var r = x;
    var c = 0.0f;
    if magnitude > 0x3eb17218u {
        let n = round(x * 1.442695f);
        k = i32(n);
        let high = x - n * 0.69313812f;
        let low = n * 9.0580006e-6f;
        r = high - low;
        c = (high - r) - low;
    }
    let half = 0.5f * r;
    let square = r * half;
    let r1 = 1.0f + square * (-3.3333212137e-2f + square * 1.5807170421e-3f);
    let t = 3.0f - r1 * half;
    var e = square * ((r1 - t) / (6.0f - r * t));
    if k == 0 {
        return r - (r * e - square);
    }
    e = r * (e - c) - c - square;
    if k == -1 {
        return 0.5f * (r - e) - 0.5f;
    }
    if k == 1 {
        if r < -0.25f {
            return -2.0f * (e - (r + 0.5f));
        }
        return 1.0f + 2.0f * (r - e);
    }
    if (k < 0) | (k > 56) {
        return volta_scale(r - e + 1.0f, k) - 1.0f;
    }
    let power = bitcast<f32>(u32(k + 127) << 23u);
    let inverse = bitcast<f32>(u32(127 - k) << 23u);
    if k < 23 {
        return (r - e + (1.0f - inverse)) * power;
    }
    return (r - (e + inverse) + 1.0f) * power;
}
