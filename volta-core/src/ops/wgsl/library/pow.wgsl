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

// The logarithm to base 2 of a positive finite number, in two parts, the first of 12 bits, within
// 2^-30 of it. With q = (m - b) / (m + b) it is log2(b) + log2((1 + q) / (1 - q)); b is the one of
// 25/32, 1 and 5/4 that is next to the significand m.
fn volta_log2_parts(x: f32) -> vec2<f32> {
    let parts = volta_log_split(x);
    let n = parts.x;
    let f = parts.y;
    var base = 1.0f;
    var base_high = 0.0f;
    var base_low = 0.0f;
    if f > 0.118034f {
        base = 1.25f;
        base_high = 0.32202148f;
        base_low = -9.3389484e-5f;
    } else if f < -0.11611652f {
        base = 0.78125f;
        base_high = -0.35620117f;
        base_low = 5.736165e-5f;
    }
    let over = f - (base - 1.0f);
    let under = f + (base + 1.0f);
    let under_high = volta_upper(under);
    let under_low = f - (under_high - (base + 1.0f));
    let q = over / under;
    let q_high = volta_upper(q);
    let q_low = ((over - q_high * under_high) - q_high * under_low) / under;
    let z = q * q;
    // (log2((1 + q) / (1 - q)) / q - 2 / ln 2) / q^2 on [0, 0.0618], in q^2: 2^-40 of the
    // logarithm.
    var p = 0.4152631f;
    p = p * z + 0.5770693f;
    p = p * z + 0.9617967f;
    // 2 / ln 2 in two parts, too.
    let high = q_high * 2.8857422f;
    let low = (q_low * 2.8857422f + (q * (z * p) - q * 3.521057e-4f)) + base_low;
    let whole = n + base_high;
    let sum = volta_upper(whole + (high + low));
    return vec2<f32>(sum, low - ((sum - whole) - high));
}

// x to the power of y for a positive finite x.
fn volta_power(x: f32, y: f32) -> f32 {
    // Numbers next to 1 to such a power are as far out as to a greater one.
    let bounded = clamp(y, -4294967296.0f, 4294967296.0f);
    let log = volta_log2_parts(x);
    let y_high = volta_upper(bounded);
    let high = y_high * log.x;
    let low = (bounded - y_high) * log.x + bounded * log.y;
    let z = high + low;
    if abs(z) > 160.0f {
        return volta_from_bits(select(0u, 0x7f800000u, z > 0.0f));
    }
    let n = round(z);
    return volta_scale(volta_exp2_near((high - n) + low), i32(n));
}

// Within 1.4 ulp, with the cases of C99.
fn volta_pow(x: f32, y: f32) -> f32 {
    let infinity = 0x7f800000u;
    let one = 0x3f800000u;
    let ax = bitcast<u32>(x) & 0x7fffffffu;
    let ay = bitcast<u32>(y) & 0x7fffffffu;
    if (ay == 0u) | (bitcast<u32>(x) == one) | ((ax == one) & (ay == infinity)) {
        return 1.0f;
    }
    if ax > infinity {
        return x;
    }
    if ay > infinity {
        return y;
    }
    if y == 1.0f {
        return x;
    }
    if y == 2.0f {
        return x * x;
    }
    let extreme = (ax == 0u) | (ax == infinity);
    let negative = bitcast<u32>(x) >= 0x80000000u;
    let parity = volta_parity(y);
    if negative & !extreme & (parity == 0u) {
        return volta_from_bits(0x7fc00000u);
    }
    var size = volta_from_bits(select(0u, infinity, (ax > one) == (y > 0.0f)));
    if !extreme & (ay != infinity) {
        size = volta_power(abs(x), y);
    }
    return select(size, -size, negative & (parity == 1u));
}

// Within 1.3 ulp, without overflow on the way.
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
