// Of a positive number the exponent and, less 1, the significand, sqrt(1/2) to sqrt(2).
fn volta_log_split(x: f32) -> vec2<f32> {
    let small = bitcast<u32>(x) < 0x00800000u;
    let bits = bitcast<u32>(select(x, x * 8388608.0f, small));
    let exponent = (bits - 0x3f3504f3u) & 0xff800000u;
    let n = (bitcast<i32>(exponent) >> 23u) - select(0, 23, small);
    return vec2<f32>(f32(n), volta_from_bits(bits - exponent) - 1.0f);
}

// ln(1 + f) - f for 1 + f of sqrt(1/2) to sqrt(2).
fn volta_log_rest(f: f32) -> f32 {
    // (ln(1 + f) - f) / f^2: 2^-27 of ln(1 + f).
    var p = -7.64505e-2f;
    p = p * f + 1.2768133e-1f;
    p = p * f - 1.3159434e-1f;
    p = p * f + 1.4200848e-1f;
    p = p * f - 1.6623336e-1f;
    p = p * f + 2.0001262e-1f;
    p = p * f - 2.5000823e-1f;
    p = p * f + 3.333333e-1f;
    p = p * f - 0.5f;
    return p * (f * f);
}

// y, the logarithm of x, unless x is 0, negative, infinite or NaN.
fn volta_log_end(x: f32, y: f32) -> f32 {
    let bits = bitcast<u32>(x);
    if (bits << 1u) == 0u {
        return volta_from_bits(0xff800000u);
    }
    if bits >= 0x80000000u {
        return volta_from_bits(0x7fc00000u);
    }
    return select(y, x, bits >= 0x7f800000u);
}

// Within 1 ulp.
fn volta_ln(x: f32) -> f32 {
    let parts = volta_log_split(x);
    let n = parts.x;
    let y = volta_log_rest(parts.y) - n * 2.1219444e-4f;
    return volta_log_end(x, n * 0.693359375f + (parts.y + y));
}

// Within 1.3 ulp: the upper bits of f times those of 1 / ln 2 are exact.
fn volta_log2(x: f32) -> f32 {
    let parts = volta_log_split(x);
    let f = parts.y;
    let high = volta_upper(f);
    let rest = volta_log_rest(f);
    let y = rest * 1.442695f + ((f - high) * 1.4423828f + f * 3.122284e-4f);
    return volta_log_end(x, parts.x + (high * 1.4423828f + y));
}

// Within 1.2 ulp.
fn volta_log10(x: f32) -> f32 {
    let parts = volta_log_split(x);
    let n = parts.x;
    let f = parts.y;
    let high = volta_upper(f);
    let rest = volta_log_rest(f);
    let y = rest * 0.4342945f + ((f - high) * 0.43432617f + (n * 4.605039e-6f - f * 3.168997e-5f));
    return volta_log_end(x, n * 0.30102539f + (high * 0.43432617f + y));
}

// ln(a + b) + ln(2) * more, for a >= 1, a >= |b| and a + b in the range.
fn volta_ln_of_sum(a: f32, b: f32, more: f32) -> f32 {
    let parts = volta_log_split(a + b);
    let n = i32(parts.x);
    // What rounding took from the sum counts until that is large. The sum comes by its bits:
    // compilers take a + b - a for b.
    let scale = volta_from_bits(u32(127 - select(0, n, n < 64)) << 23u);
    let rest = (a * scale - (parts.y + 1.0f)) + b * scale;
    let f = parts.y + select(0.0f, rest, n < 64);
    let k = parts.x + more;
    let y = volta_log_rest(f) - k * 2.1219444e-4f;
    return k * 0.693359375f + (f + y);
}

// Within 1.6 ulp.
fn volta_log1p(x: f32) -> f32 {
    if volta_is_nan(x) | (abs(x) < 1e-10f) | (bitcast<u32>(x) == 0x7f800000u) {
        return x;
    }
    if x <= -1.0f {
        return volta_from_bits(select(0x7fc00000u, 0xff800000u, x == -1.0f));
    }
    return volta_ln_of_sum(max(x, 1.0f), min(x, 1.0f), 0.0f);
}
