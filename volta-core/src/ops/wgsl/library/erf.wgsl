// erf(x) - x on [-1, 1].
fn volta_erf_rest(x: f32) -> f32 {
    let z = x * x;
    // erf(x) / x - 1 on [0, 1], in x^2: 2^-29 of erf(x).
    var p = 7.806904e-5f;
    p = p * z - 7.997853e-4f;
    p = p * z + 5.187162e-3f;
    p = p * z - 2.6853347e-2f;
    p = p * z + 1.1283579e-1f;
    p = p * z - 3.7612626e-1f;
    p = p * z + 1.2837917e-1f;
    return x * p;
}

// Within 1.5 ulp.
fn volta_erf(x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    let a = min(abs(x), 4.0f);
    if a < 1e-4f {
        // Larger, so that no product falls below the normal numbers.
        let larger = x * 16.0f;
        return 0.0625f * (larger + larger * 0.12837917f);
    }
    if a <= 1.0f {
        return x + volta_erf_rest(x);
    }
    // ln(1 - erf(x)) on [1, 4]: 2^-29 of erf(x).
    var p = 1.8637534e-4f;
    p = p * a - 2.9476255e-3f;
    p = p * a + 2.1837955e-2f;
    p = p * a - 1.0310658e-1f;
    p = p * a - 6.3814497e-1f;
    p = p * a - 1.1270891f;
    p = p * a - 3.4152737e-4f;
    return volta_copysign(1.0f - volta_exp(p), x);
}

// Within 3.3 ulp: e^(-x^2) t p(t) with t = 1 / (1 + x / 2), and 1 - erf(x) near 0.
fn volta_erfc(x: f32) -> f32 {
    if volta_is_nan(x) {
        return x;
    }
    if abs(x) <= 0.9f {
        return (1.0f - x) - volta_erf_rest(x);
    }
    let a = min(abs(x), 10.1f);
    let high = volta_upper(a);
    let low = a - high;
    // t and then its product with p are taken in two parts.
    let under = 1.0f + 0.5f * a;
    let t_high = volta_upper(1.0f / under);
    let t_rest = (1.0f - t_high) - 0.5f * (t_high * high) - 0.5f * (t_high * low);
    let t_low = t_rest / under;
    let t = t_high + t_low;
    // e^(x^2) erfc(x) / t on [0.85, 10.1], in t: 2^-28 of it.
    var p = -4.7194112e-2f;
    p = p * t + 2.4867564e-1f;
    p = p * t - 4.4360384e-1f;
    p = p * t + 2.5144306e-1f;
    p = p * t - 1.8605566e-2f;
    p = p * t + 2.0200507e-1f;
    p = p * t + 2.4287334e-1f;
    p = p * t + 2.8243676e-1f;
    p = p * t + 2.8208214e-1f;
    let p_high = volta_upper(p);
    let head = p_high * t_high;
    let tail = p_high * t_low + (p - p_high) * t;
    // What rounding took from the square and from the t of p, whose slope is about 1.3 p.
    let square = a * a;
    let lost = (high * high - square) + 2.0f * (high * low) + low * low;
    let rest = 1.3f * ((t_high - t) + t_low) - lost;
    let parts = volta_exp_parts(-square);
    let power = parts.x + rest * (parts.x + 1.0f);
    let y = volta_scale(head + (tail + (head + tail) * power), i32(parts.y));
    return select(y, 2.0f - y, x < 0.0f);
}
