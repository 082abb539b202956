// Of a positive number the exponent and, less 1, the significand, sqrt(1/2) to sqrt(2).
fn volta_log_split_f64(x: f64) -> vec2<f64> {
    let small = bitcast<u64>(x) < 0x0010000000000000lu;
    let bits = bitcast<u64>(select(x, x * 18014398509481984.0lf, small));
    let exponent = (bits - 0x3fe6a09e667f3bcdlu) & 0xfff0000000000000lu;
    let n = i32(bitcast<i64>(exponent) >> 52u) - select(0, 54, small);
    return vec2<f64>(f64(n), volta_from_bits_f64(bits - exponent) - 1.0lf);
}

// ln(1 + f) - f for 1 + f of sqrt(1/2) to sqrt(2). With s = f / (2 + f) the logarithm is
// 2 atanh(s), and 2 s is f - f^2 / 2 + s f^2 / 2.
fn volta_log_rest_f64(f: f64) -> f64 {
    let s = f / (2.0lf + f);
    let z = s * s;
    // (2 atanh(s) / s - 2) / s^2 on [0, 0.1724], in s^2: 2^-59 of atanh(s).
    var p = 0.1481146374271811lf;
    p = p * z + 0.15312579367766233lf;
    p = p * z + 0.18183618538558635lf;
    p = p * z + 0.22222197597565446lf;
    p = p * z + 0.2857142875118917lf;
    p = p * z + 0.3999999999937854lf;
    p = p * z + 0.666666666666674lf;
    let half = 0.5lf * f * f;
    return s * (half + z * p) - half;
}

// y, the logarithm of x, unless x is 0, negative, infinite or NaN.
fn volta_log_end_f64(x: f64, y: f64) -> f64 {
    let bits = bitcast<u64>(x);
    if (bits << 1u) == 0lu {
        return volta_from_bits_f64(0xfff0000000000000lu);
    }
    if bits >= 0x8000000000000000lu {
        return volta_from_bits_f64(0x7ff8000000000000lu);
    }
    return select(y, x, bits >= 0x7ff0000000000000lu);
}

// Within 1 ulp.
fn volta_ln_f64(x: f64) -> f64 {
    let parts = volta_log_split_f64(x);
    let n = parts.x;
    let y = volta_log_rest_f64(parts.y) + n * 1.6465949582897082e-12lf;
    return volta_log_end_f64(x, n * 0.6931471805582987lf + (parts.y + y));
}

// Within 1.3 ulp: the upper bits of f times those of 1 / ln 2 are exact.
fn volta_log2_f64(x: f64) -> f64 {
    let parts = volta_log_split_f64(x);
    let f = parts.y;
    let high = volta_upper_f64(f);
    let rest = volta_log_rest_f64(f);
    let low = (f - high) * 1.4426950514316559lf - f * 1.0542692476429138e-8lf;
    let y = rest * 1.4426950408889634lf + low;
    return volta_log_end_f64(x, parts.x + (high * 1.4426950514316559lf + y));
}

// Within 1.2 ulp.
fn volta_log10_f64(x: f64) -> f64 {
    let parts = volta_log_split_f64(x);
    let n = parts.x;
    let f = parts.y;
    let high = volta_upper_f64(f);
    let rest = volta_log_rest_f64(f);
    let low = (f - high) * 0.4342944845557213lf - f * 2.6524694553078553e-9lf;
    let y = rest * 0.4342944819032518lf + (low - n * 1.9043128467164274e-12lf);
    return volta_log_end_f64(x, n * 0.3010299956658855lf + (high * 0.4342944845557213lf + y));
}

// ln(a + b) + ln(2) * more, for a >= 1, a >= |b| and a + b in the range.
fn volta_ln_of_sum_f64(a: f64, b: f64, more: f64) -> f64 {
    let parts = volta_log_split_f64(a + b);
    let n = i32(parts.x);
    // What rounding took from the sum counts until that is large. The sum comes by its bits:
    // compilers take a + b - a for b.
    let scale = volta_from_bits_f64(u64(1023 - select(0, n, n < 64)) << 52u);
    let rest = (a * scale - (parts.y + 1.0lf)) + b * scale;
    let f = parts.y + select(0.0lf, rest, n < 64);
    let k = parts.x + more;
    let y = volta_log_rest_f64(f) + k * 1.6465949582897082e-12lf;
    return k * 0.6931471805582987lf + (f + y);
}

// Within 1.5 ulp.
fn volta_log1p_f64(x: f64) -> f64 {
    let infinite = bitcast<u64>(x) == 0x7ff0000000000000lu;
    if volta_is_nan_f64(x) | (abs(x) < 1e-18lf) | infinite {
        return x;
    }
    if x <= -1.0lf {
        let pole = select(0x7ff8000000000000lu, 0xfff0000000000000lu, x == -1.0lf);
        return volta_from_bits_f64(pole);
    }
    return volta_ln_of_sum_f64(max(x, 1.0lf), min(x, 1.0lf), 0.0lf);
}
