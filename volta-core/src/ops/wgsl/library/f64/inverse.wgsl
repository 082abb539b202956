// asin(s) - s for s of -1/2 to 1/2, from s and its square.
fn volta_asin_rest_f64(s: f64, square: f64) -> f64 {
    // (asin(s) / s - 1) / s^2 on [0, 0.5], in s^2: 2^-55 of asin(s).
    var p = 0.031935194732739855lf;
    p = p * square - 0.016256743017494777lf;
    p = p * square + 0.019548320764389202lf;
    p = p * square + 0.006520901024579136lf;
    p = p * square + 0.012170784009565089lf;
    p = p * square + 0.013885006445637067lf;
    p = p * square + 0.017359726793316366lf;
    p = p * square + 0.022371756673735126lf;
    p = p * square + 0.030381959190529943lf;
    p = p * square + 0.044642856827131566lf;
    p = p * square + 0.07500000000338328lf;
    p = p * square + 0.16666666666665403lf;
    return s * (square * p);
}

// Half the arc cosine of a, the arc sine of sqrt((1 - a) / 2), for a of 1/2 to 1, in two parts.
// What the root is off counts in the second.
fn volta_asin_of_root_f64(a: f64) -> vec2<f64> {
    let square = 0.5lf - 0.5lf * a;
    let s = sqrt(square);
    let high = volta_upper_f64(s);
    let low = select((square - high * high) / (s + high), 0.0lf, square == 0.0lf);
    return vec2<f64>(high, volta_asin_rest_f64(s, square) + low);
}

// Within 0.8 ulp.
fn volta_asin_f64(x: f64) -> f64 {
    let a = abs(x);
    if bitcast<u64>(a) > 0x3ff0000000000000lu {
        return volta_from_bits_f64(0x7ff8000000000000lu);
    }
    if a <= 0.5lf {
        return x + volta_asin_rest_f64(x, x * x);
    }
    let half = volta_asin_of_root_f64(a);
    let y = (1.5707963267948966lf - 2.0lf * half.x) - (2.0lf * half.y - 6.123233995736766e-17lf);
    return volta_copysign_f64(y, x);
}

// Within 1.2 ulp.
fn volta_acos_f64(x: f64) -> f64 {
    let a = abs(x);
    if bitcast<u64>(a) > 0x3ff0000000000000lu {
        return volta_from_bits_f64(0x7ff8000000000000lu);
    }
    if a <= 0.5lf {
        let rest = volta_asin_rest_f64(x, x * x);
        return (1.5707963267948966lf - x) - (rest - 6.123233995736766e-17lf);
    }
    let half = volta_asin_of_root_f64(a);
    if x > 0.0lf {
        return 2.0lf * (half.x + half.y);
    }
    return (3.141592653589793lf - 2.0lf * half.x) - (2.0lf * half.y - 1.2246467991473532e-16lf);
}

// The angle of (x, y), neither negative, or with `back` of (-x, y): a multiple of pi / 4, and an
// arc tangent of 0.6 at most.
fn volta_angle_f64(y: f64, x: f64, back: bool) -> f64 {
    let steep = y > x;
    let under = max(x, y);
    let over = min(x, y);
    let middle = over > 0.6lf * under;
    let t = select(over, over - under, middle) / select(under, over + under, middle);
    var n = select(0.0lf, 1.0lf, middle);
    n = select(n, 2.0lf - n, steep);
    n = select(n, 4.0lf - n, back);
    let s = select(t, -t, steep != back);
    let z = s * s;
    // (atan(s) / s - 1) / s^2 on [0, 0.6], in s^2: 2^-58 of atan(s).
    var p = 0.0036958112347020853lf;
    p = p * z - 0.013937756961297818lf;
    p = p * z + 0.02715209669451388lf;
    p = p * z - 0.038243855696351754lf;
    p = p * z + 0.04605384676146092lf;
    p = p * z - 0.052287448082703886lf;
    p = p * z + 0.058768088102733144lf;
    p = p * z - 0.06666019337604931lf;
    p = p * z + 0.07692254039790382lf;
    p = p * z - 0.09090906039901786lf;
    p = p * z + 0.11111110998347183lf;
    p = p * z - 0.14285714283235573lf;
    p = p * z + 0.19999999999972395lf;
    p = p * z - 0.33333333333333226lf;
    return n * 0.7853981633961666lf + (s + (s * (z * p) + n * 1.2816720757972595e-12lf));
}

// Within 1.3 ulp.
fn volta_atan_f64(x: f64) -> f64 {
    if volta_is_nan_f64(x) {
        return x;
    }
    return volta_copysign_f64(volta_angle_f64(min(abs(x), 1e18lf), 1.0lf, false), x);
}

// Within 1.6 ulp.
fn volta_atan2_f64(y: f64, x: f64) -> f64 {
    if volta_is_nan_f64(x) {
        return x;
    }
    if volta_is_nan_f64(y) {
        return y;
    }
    let infinity = 0x7ff0000000000000lu;
    var a = abs(x);
    var b = abs(y);
    if (bitcast<u64>(a) == infinity) | (bitcast<u64>(b) == infinity) {
        a = select(0.0lf, 1.0lf, bitcast<u64>(a) == infinity);
        b = select(0.0lf, 1.0lf, bitcast<u64>(b) == infinity);
    }
    // Division is of numbers neither very large nor very small.
    let top = max(a, b);
    var scale = select(1.0lf, 1.3407807929942597e154lf, top < 1e-150lf);
    scale = select(scale, 7.458340731200207e-155lf, top > 1e150lf);
    a = select(a * scale, 1.0lf, top == 0.0lf);
    let angle = volta_angle_f64(b * scale, a, bitcast<u64>(x) >= 0x8000000000000000lu);
    return volta_copysign_f64(angle, y);
}
