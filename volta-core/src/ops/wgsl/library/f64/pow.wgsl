// Whether y is 0: no whole number, 1: odd, 2: even.
fn volta_parity_f64(y: f64) -> u32 {
    let a = abs(y);
    if a >= 9007199254740992.0lf {
        return 2u;
    }
    if a != trunc(a) {
        return 0u;
    }
    return 2u - u32(u64(a) & 1lu);
}

// The logarithm to base 2 of a positive finite number, in two parts, the first of 26 bits, within
// 2^-62 of it. With q = (m - b) / (m + b) it is log2(b) + log2((1 + q) / (1 - q)); b is the one of
// 25/32, 1 and 5/4 that is next to the significand m.
fn volta_log2_parts_f64(x: f64) -> vec2<f64> {
    let parts = volta_log_split_f64(x);
    let n = parts.x;
    let f = parts.y;
    var base = 1.0lf;
    var base_high = 0.0lf;
    var base_low = 0.0lf;
    if f > 0.118034lf {
        base = 1.25lf;
        base_high = 0.32192809134721756lf;
        base_low = 3.5401447880558664e-9lf;
    } else if f < -0.11611652lf {
        base = 0.78125lf;
        base_high = -0.3561438098549843lf;
        base_low = -3.7029102081209554e-10lf;
    }
    let over = f - (base - 1.0lf);
    let under = f + (base + 1.0lf);
    let under_high = volta_upper_f64(under);
    let under_low = f - (under_high - (base + 1.0lf));
    let q = over / under;
    let q_high = volta_upper_f64(q);
    let q_low = ((over - q_high * under_high) - q_high * under_low) / under;
    let z = q * q;
    // (log2((1 + q) / (1 - q)) / q - 2 / ln 2) / q^2 on [0, 0.0619], in q^2: 2^-62 of the
    // logarithm.
    var p = 0.26483100658730124lf;
    p = p * z + 0.3205882749294123lf;
    p = p * z + 0.4121986033946567lf;
    p = p * z + 0.5770780163386913lf;
    p = p * z + 0.9617966939259802lf;
    // 2 / ln 2 in two parts, too.
    let high = q_high * 2.8853901028633118lf;
    let rest = q * (z * p) - q * 2.1085384952858276e-8lf;
    let low = (q_low * 2.8853901028633118lf + rest) + base_low;
    let whole = n + base_high;
    let sum = volta_upper_f64(whole + (high + low));
    return vec2<f64>(sum, low - ((sum - whole) - high));
}

// x to the power of y for a positive finite x.
fn volta_power_f64(x: f64, y: f64) -> f64 {
    // Numbers next to 1 to such a power are as far out as to a greater one.
    let bounded = clamp(y, -7.378697629483821e19lf, 7.378697629483821e19lf);
    let log = volta_log2_parts_f64(x);
    let y_high = volta_upper_f64(bounded);
    let high = y_high * log.x;
    let low = (bounded - y_high) * log.x + bounded * log.y;
    let z = high + low;
    if abs(z) > 1100.0lf {
        return volta_from_bits_f64(select(0lu, 0x7ff0000000000000lu, z > 0.0lf));
    }
    let n = round(z);
    return volta_scale_f64(volta_exp2_near_f64((high - n) + low), i32(n));
}

// Within 1.6 ulp, with the cases of C99.
fn volta_pow_f64(x: f64, y: f64) -> f64 {
    let infinity = 0x7ff0000000000000lu;
    let one = 0x3ff0000000000000lu;
    let ax = bitcast<u64>(x) & 0x7ffffffffffffffflu;
    let ay = bitcast<u64>(y) & 0x7ffffffffffffffflu;
    if (ay == 0lu) | (bitcast<u64>(x) == one) | ((ax == one) & (ay == infinity)) {
        return 1.0lf;
    }
    if ax > infinity {
        return x;
    }
    if ay > infinity {
        return y;
    }
    if y == 1.0lf {
        return x;
    }
    if y == 2.0lf {
        return x * x;
    }
    let extreme = (ax == 0lu) | (ax == infinity);
    let negative = bitcast<u64>(x) >= 0x8000000000000000lu;
    let parity = volta_parity_f64(y);
    if negative & !extreme & (parity == 0u) {
        return volta_from_bits_f64(0x7ff8000000000000lu);
    }
    var size = volta_from_bits_f64(select(0lu, infinity, (ax > one) == (y > 0.0lf)));
    if !extreme & (ay != infinity) {
        size = volta_power_f64(abs(x), y);
    }
    return select(size, -size, negative & (parity == 1u));
}

// Within 1.1 ulp, without overflow on the way.
fn volta_hypot_f64(a: f64, b: f64) -> f64 {
    let x = abs(a);
    let y = abs(b);
    let infinity = 0x7ff0000000000000lu;
    if (bitcast<u64>(x) == infinity) | (bitcast<u64>(y) == infinity) {
        return volta_from_bits_f64(infinity);
    }
    let larger = max(x, y);
    if larger > 1e150lf {
        let p = x * 2.409919865102884e-181lf;
        let q = y * 2.409919865102884e-181lf;
        return sqrt(p * p + q * q) * 4.149515568880993e180lf;
    }
    if larger < 1e-140lf {
        let p = x * 4.149515568880993e180lf;
        let q = y * 4.149515568880993e180lf;
        return sqrt(p * p + q * q) * 2.409919865102884e-181lf;
    }
    return sqrt(x * x + y * y);
}
