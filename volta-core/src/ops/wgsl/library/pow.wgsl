// pow after FreeBSD's msun:
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that
// this notice is preserved.

// Whether y is 0: no whole number, 1: odd, 2: even.
fn volta_parity(y: f32) -> u32 {
    let a = abs(y);
    if a >= 16777216.0f {
        return 2u;
    }
    if a != trunc(a) {
        return 0u;
    }
    return 2u - (u32(a) & 1u);
}

// The logarithm to base 2 of a positive finite number, in two parts.
fn volta_log2_parts(x: f32) -> vec2<f32> {
    let small = bitcast<u32>(x) < 0x00800000u;
    let bits = bitcast<u32>(select(x, x * 16777216.0f, small));
    var n = i32(bits >> 23u) - select(127, 151, small);
    let fraction = bits & 0x007fffffu;
    var significand = fraction | 0x3f800000u;
    var above = 0u;
    if fraction >= 0x5db3d7u {
        n = n + 1;
        significand = significand - 0x00800000u;
    } else if fraction > 0x1cc471u {
        above = 1u;
    }
    let m = bitcast<f32>(significand);
    let base = select(1.0f, 1.5f, above == 1u);
    let u = m - base;
    let v = 1.0f / (m + base);
    let s = u * v;
    let s_high = volta_upper(s);
    let sum_bits = (((significand >> 1u) & 0xfffff000u) | 0x20000000u) + 0x00400000u + (above << 21u);
    let sum_high = bitcast<f32>(sum_bits);
    let sum_low = m - (sum_high - base);
    let s_low = v * ((u - s_high * sum_high) - s_high * sum_low);
    let z = s * s;
    var p = 0.20697501f;
    p = p * z + 0.23066075f;
    p = p * z + 0.27272812f;
    p = p * z + 0.33333334f;
    p = p * z + 0.42857143f;
    p = p * z + 0.6f;
    let r = z * z * p + s_low * (s_high + s);
    let square = s_high * s_high;
    let t_high = volta_upper(3.0f + square + r);
    let t_low = r - ((t_high - 3.0f) - square);
    let product = s_high * t_high;
    let rest = s_low * t_high + t_low * s;
    let p_high = volta_upper(product + rest);
    let p_low = rest - (p_high - product);
    let high = 0.9619140625f * p_high;
    let low = -1.1736857402e-4f * p_high + p_low * 0.96179670095f + select(0.0f, 1.56322085e-6f, above == 1u);
    let step = select(0.0f, 0.5849609375f, above == 1u);
    let whole = f32(n);
    let t1 = volta_upper(((high + low) + step) + whole);
    return vec2<f32>(t1, low - (((t1 - whole) - step) - high));
}

// Within 1 ulp, with the cases of C99.
fn volta_pow(x: f32, y: f32) -> f32 {
    let ax = abs(x);
    let ay = abs(y);
    if (ay == 0.0f) | (x == 1.0f) {
        return select(1.0f, x, volta_is_nan(x) & (ay != 0.0f));
    }
    if volta_is_nan(x) {
        return x;
    }
    if volta_is_nan(y) {
        return y;
    }
    let parity = volta_parity(y);
    let sign = select(1.0f, -1.0f, (bitcast<u32>(x) >= 0x80000000u) & (parity == 1u));
    if bitcast<u32>(ay) == 0x7f800000u {
        if ax == 1.0f {
            return 1.0f;
        }
        return volta_from_bits(select(0u, 0x7f800000u, (ax > 1.0f) == (y > 0.0f)));
    }
    if (ax == 0.0f) | (bitcast<u32>(ax) == 0x7f800000u) {
        let size = volta_from_bits(select(0u, 0x7f800000u, (ax == 0.0f) != (y > 0.0f)));
        return volta_copysign(size, sign);
    }
    if (x < 0.0f) & (parity == 0u) {
        return volta_from_bits(0x7fc00000u);
    }
    if y == 1.0f {
        return x;
    }
    if y == 2.0f {
        return x * x;
    }
    if ax == 1.0f {
        return sign;
    }
    // A number next to 1 to such a power is as far out as one to a greater power.
    let bounded = clamp(y, -4294967296.0f, 4294967296.0f);
    let log = volta_log2_parts(ax);
    let y_high = volta_upper(bounded);
    let low = (bounded - y_high) * log.x + bounded * log.y;
    let high = y_high * log.x;
    let z = clamp(low + high, -200.0f, 200.0f);
    if z >= 129.0f {
        return volta_copysign(volta_from_bits(0x7f800000u), sign);
    }
    if z <= -151.0f {
        return volta_copysign(0.0f, sign);
    }
    let n = round(z);
    let rest = high - n;
    let t = bitcast<f32>(bitcast<u32>(low + rest) & 0xffff8000u);
    let u = t * 0.69314575f;
    let v = (low - (t - rest)) * 0.6931472f + t * 1.4286065e-6f;
    let e = u + v;
    let w = v - (e - u);
    let square = e * e;
    var p = 4.1381369442e-8f;
    p = p * square - 1.6533902e-6f;
    p = p * square + 6.613755977e-5f;
    p = p * square - 2.777777845e-3f;
    p = p * square + 1.6666667e-1f;
    let t1 = e - square * p;
    let r = (e * t1) / (t1 - 2.0f) - (w + e * w);
    return volta_copysign(volta_scale(1.0f - (r - e), i32(n)), sign);
}

// Within 1.5 ulp, without overflow on the way.
fn volta_hypot(a: f32, b: f32) -> f32 {
    let x = abs(a);
    let y = abs(b);
    let infinity = 0x7f800000u;
    if (bitcast<u32>(x) == infinity) | (bitcast<u32>(y) == infinity) {
        return volta_from_bits(infinity);
    }
    let larger = max(x, y);
    if larger > 1.1529215e18f {
        let p = x * 8.4703295e-22f;
        let q = y * 8.4703295e-22f;
        return sqrt(p * p + q * q) * 1.1805916e21f;
    }
    if larger < 8.6736174e-19f {
        let p = x * 1.2676506e30f;
        let q = y * 1.2676506e30f;
        return sqrt(p * p + q * q) * 7.888609e-31f;
    }
    return sqrt(x * x + y * y);
}
