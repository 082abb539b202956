// asin(s) - s for s of -1/2 to 1/2, from s and its square.
fn volta_asin_rest(s: f32, square: f32) -> f32 {
    // (asin(s) / s - 1) / s^2 on [0, 0.55], in s^2: 2^-29 of asin(s).
    var p = 4.5282304e-2f;
    p = p * square + 8.582815e-3f;
    p = p * square + 3.3442754e-2f;
    p = p * square + 4.4311028e-2f;
    p = p * square + 7.501627e-2f;
    p = p * square + 1.666664e-1f;
    return s * (square * p);
}

// Half the arc cosine of a, the arc sine of sqrt((1 - a) / 2), for a of 1/2 to 1, in two parts.
// What the root is off counts in the second.
fn volta_asin_of_root(a: f32) -> vec2<f32> {
    let square = 0.5f - 0.5f * a;
    let s = sqrt(square);
    let high = volta_upper(s);
    let low = select((square - high * high) / (s + high), 0.0f, square == 0.0f);
    return vec2<f32>(high, volta_asin_rest(s, square) + low);
}

// Within 0.7 ulp.
fn volta_asin(x: f32) -> f32 {
    let a = abs(x);
    if bitcast<u32>(a) > 0x3f800000u {
        return volta_from_bits(0x7fc00000u);
    }
    if a <= 0.5f {
        return x + volta_asin_rest(x, x * x);
    }
    let half = volta_asin_of_root(a);
    let y = (1.5707964f - 2.0f * half.x) - (2.0f * half.y + 4.371139e-8f);
    return volta_copysign(y, x);
}

// Within 1.1 ulp.
fn volta_acos(x: f32) -> f32 {
    let a = abs(x);
    if bitcast<u32>(a) > 0x3f800000u {
        return volta_from_bits(0x7fc00000u);
    }
    if a <= 0.5f {
        return (1.5707964f - x) - (volta_asin_rest(x, x * x) + 4.371139e-8f);
    }
    let half = volta_asin_of_root(a);
    if x > 0.0f {
        return 2.0f * (half.x + half.y);
    }
    return (3.1415927f - 2.0f * half.x) - (2.0f * half.y + 8.742278e-8f);
}

// The angle of (x, y), neither negative, or with `back` of (-x, y): a multiple of pi / 4, and an
// arc tangent of 0.6 at most.
fn volta_angle(y: f32, x: f32, back: bool) -> f32 {
    let steep = y > x;
    let under = max(x, y);
    let over = min(x, y);
    let middle = over > 0.6f * under;
    let t = select(over, over - under, middle) / select(under, over + under, middle);
    var n = select(0.0f, 1.0f, middle);
    n = select(n, 2.0f - n, steep);
    n = select(n, 4.0f - n, back);
    let s = select(t, -t, steep != back);
    let z = s * s;
    // (atan(s) / s - 1) / s^2 on [0, 0.6], in s^2: 2^-28.5 of atan(s).
    var p = 2.9525466e-2f;
    p = p * z - 7.2329417e-2f;
    p = p * z + 1.0712121e-1f;
    p = p * z - 1.4240389e-1f;
    p = p * z + 1.9997577e-1f;
    p = p * z - 3.333329e-1f;
    return n * 0.78515625f + (s + (s * (z * p) + n * 2.4191339e-4f));
}

// Within 1 ulp.
fn volta_atan(x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    return volta_copysign(volta_angle(min(abs(x), 1e10f), 1.0f, false), x);
}

// Within 1.6 ulp.
fn volta_atan2(y: f32, x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    if volta_is_nan(y) {
        return y;
    }
    let infinity = 0x7f800000u;
    var a = abs(x);
    var b = abs(y);
    if (bitcast<u32>(a) == infinity) | (bitcast<u32>(b) == infinity) {
        a = select(0.0f, 1.0f, bitcast<u32>(a) == infinity);
        b = select(0.0f, 1.0f, bitcast<u32>(b) == infinity);
    }
    // Division is of numbers neither very large nor very small.
    let top = max(a, b);
    var scale = select(1.0f, 1.8446744e19f, top < 1e-18f);
    scale = select(scale, 5.421011e-20f, top > 1e18f);
    a = select(a * scale, 1.0f, top == 0.0f);
    let angle = volta_angle(b * scale, a, bitcast<u32>(x) >= 0x80000000u);
    return volta_copysign(angle, y);
}
