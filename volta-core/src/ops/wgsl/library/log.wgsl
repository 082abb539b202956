// After FreeBSD's msun:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that
// this notice is preserved.

// Whether the logarithm of x is a matter of its sign or size alone; if so, that logarithm.
fn volta_log_special(x: f32) -> vec2<f32> {
    let bits = bitcast<u32>(x);
    if (bits & 0x7fffffffu) > 0x7f800000u {
        return vec2<f32>(1.0f, x);
    }
    if (bits & 0x7fffffffu) == 0u {
        return vec2<f32>(1.0f, volta_from_bits(0xff800000u));
    }
    if bits >= 0x80000000u {
        return vec2<f32>(1.0f, volta_from_bits(0x7fc00000u));
    }
    if bits == 0x7f800000u {
        return vec2<f32>(1.0f, x);
    }
    return vec2<f32>(0.0f, 0.0f);
}

// Of a positive number the exponent and the significand, sqrt(1/2) to sqrt(2), less 1.
fn volta_log_split(x: f32) -> vec2<f32> {
    let small = bitcast<u32>(x) < 0x00800000u;
    let bits = bitcast<u32>(select(x, x * 33554432.0f, small)) + (0x3f800000u - 0x3f3504f3u);
    let exponent = i32(bits >> 23u) - select(127, 152, small);
    let significand = bitcast<f32>((bits & 0x007fffffu) + 0x3f3504f3u);
    return vec2<f32>(f32(exponent), significand - 1.0f);
}

// ln(1 + f) less f and plus f^2 / 2, over f / (2 + f) and less f^2 / 2.
fn volta_log_series(s: f32) -> f32 {
    let z = s * s;
    let w = z * z;
    let even = w * (0.40000972152f + w * 0.24279078841f);
    let odd = z * (0.66666662693f + w * 0.28498786688f);
    return odd + even;
}

// Within 1 ulp.
fn volta_ln(x: f32) -> f32 {
    let special = volta_log_special(x);
    if special.x == 1.0f {
        return special.y;
    }
    let parts = volta_log_split(x);
    let n = parts.x;
    let f = parts.y;
    let s = f / (2.0f + f);
    let half = 0.5f * f * f;
    return s * (half + volta_log_series(s)) + n * 9.0580006e-6f - half + f + n * 0.69313812f;
}

// Within 1 ulp.
fn volta_log2(x: f32) -> f32 {
    let special = volta_log_special(x);
    if special.x == 1.0f {
        return special.y;
    }
    let parts = volta_log_split(x);
    let f = parts.y;
    let s = f / (2.0f + f);
    let half = 0.5f * f * f;
    let high = volta_upper(f - half);
    let low = f - high - half + s * (half + volta_log_series(s));
    return (low + high) * -1.7605285393e-4f + low * 1.4428710938f + high * 1.4428710938f + parts.x;
}

// Within 1 ulp.
fn volta_log10(x: f32) -> f32 {
    let special = volta_log_special(x);
    if special.x == 1.0f {
        return special.y;
    }
    let parts = volta_log_split(x);
    let n = parts.x;
    let f = parts.y;
    let s = f / (2.0f + f);
    let half = 0.5f * f * f;
    let high = volta_upper(f - half);
    let low = f - high - half + s * (half + volta_log_series(s));
    let small = n * 7.9034151668e-7f + (low + high) * -3.1689971365e-5f;
    return small + low * 0.43432617188f + high * 0.43432617188f + n * 0.30102920532f;
}

// Within 2.5 ulp.
fn volta_log1p(x: f32) -> f32 {
    let magnitude = bitcast<u32>(x) & 0x7fffffffu;
    if (magnitude < 0x33800000u) | (magnitude > 0x7f800000u) | (x > 3.4028235e38f) {
        return x;
    }
    if x <= -1.0f {
        return volta_from_bits(select(0x7fc00000u, 0xff800000u, x == -1.0f));
    }
    var n = 0.0f;
    var f = x;
    var c = 0.0f;
    if (x < -0.29289323f) | (x > 0.41421356f) {
        let sum = 1.0f + x;
        let parts = volta_log_split(sum);
        n = parts.x;
        f = parts.y;
        c = select(x - (sum - 1.0f), 1.0f - (sum - x), n >= 2.0f) / sum;
        c = select(0.0f, c, n < 25.0f);
    }
    let s = f / (2.0f + f);
    let half = 0.5f * f * f;
    return s * (half + volta_log_series(s)) + (n * 9.0580006e-6f + c) - half + f + n * 0.69313812f;
}
