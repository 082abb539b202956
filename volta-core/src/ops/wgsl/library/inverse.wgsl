// asin after Cephes (S. L. Moshier), the others after FreeBSD's msun:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that
// this notice is preserved.

// Within 1 ulp.
fn volta_asin(x: f32) -> f32 {
    let a = abs(x);
    if a > 1.0f {
        return volta_from_bits(0x7fc00000u);
    }
    let large = a > 0.5f;
    let z = select(a * a, 0.5f * (1.0f - a), large);
    let s = select(a, sqrt(z), large);
    var p = 4.2163199048e-2f;
    p = p * z + 2.4181311049e-2f;
    p = p * z + 4.5470025998e-2f;
    p = p * z + 7.4953002686e-2f;
    p = p * z + 1.6666752422e-1f;
    if !large {
        return volta_copysign(p * z * s + s, x);
    }
    let high = volta_upper(s);
    let low = select((z - high * high) / (s + high), 0.0f, z == 0.0f);
    let rest = 2.0f * (p * z * s + low) + 4.371139e-8f;
    return volta_copysign(0.7853982f - (rest - (0.7853982f - 2.0f * high)), x);
}

// Within 2 ulp.
fn volta_acos(x: f32) -> f32 {
    let a = abs(x);
    if a > 1.0f {
        return volta_from_bits(0x7fc00000u);
    }
    let small = a < 0.5f;
    let z = select(0.5f * (1.0f - a), x * x, small);
    let p = z * (0.16666586697f + z * (-4.2743422091e-2f + z * -8.656363003e-3f));
    let r = p / (1.0f - z * 0.7066296339f);
    if small {
        return 1.5707963f - (x + 4.371139e-8f + x * r);
    }
    let s = sqrt(z);
    if x < 0.0f {
        return 2.0f * (1.5707963f - (s + (r * s + 4.371139e-8f)));
    }
    let high = volta_upper(s);
    let c = select((z - high * high) / (s + high), 0.0f, z == 0.0f);
    return 2.0f * (high + (r * s + c));
}

// Within 1 ulp.
fn volta_atan(x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    let a = abs(x);
    var t = a;
    var high = 0.0f;
    var low = 0.0f;
    if a >= 2.4375f {
        t = -1.0f / a;
        high = 1.5707962513f;
        low = 7.5497894159e-8f;
    } else if a >= 1.1875f {
        t = (a - 1.5f) / (1.0f + 1.5f * a);
        high = 0.98279368877f;
        low = 3.4473217170e-8f;
    } else if a >= 0.6875f {
        t = (a - 1.0f) / (a + 1.0f);
        high = 0.78539812565f;
        low = 3.7748947079e-8f;
    } else if a >= 0.4375f {
        t = (2.0f * a - 1.0f) / (2.0f + a);
        high = 0.46364760399f;
        low = 5.0121582440e-9f;
    }
    let z = t * t;
    let w = z * z;
    let odd = z * (0.33333328366f + w * (0.14253635705f + w * 0.061687607318f));
    let even = w * (-0.19999158382f + w * -0.10648017377f);
    return volta_copysign(high - ((t * (odd + even) - low) - t), x);
}

// Within 2 ulp.
fn volta_atan2(y: f32, x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    if volta_is_nan(y) {
        return y;
    }
    let left = bitcast<u32>(x) >= 0x80000000u;
    let ax = bitcast<u32>(x) & 0x7fffffffu;
    let ay = bitcast<u32>(y) & 0x7fffffffu;
    var angle = 1.5707964f;
    if ay == 0u {
        return volta_copysign(select(0.0f, 3.1415927f, left), y);
    }
    if (ax == 0x7f800000u) & (ay == 0x7f800000u) {
        return volta_copysign(select(0.7853982f, 2.3561945f, left), y);
    }
    if (ax == 0x7f800000u) | (ax > ay + (26u << 23u)) {
        angle = select(abs(y) / abs(x), 3.1415927f, left);
    } else if (ax != 0u) & (ay != 0x7f800000u) & (ay <= ax + (26u << 23u)) {
        angle = volta_atan(abs(y / x));
        angle = select(angle, 3.1415927f - (angle + 8.742278e-8f), left);
    }
    return volta_copysign(angle, y);
}
