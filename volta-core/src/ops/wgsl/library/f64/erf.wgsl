// erf(x) - x on [-1, 1].
fn volta_erf_rest_f64(x: f64) -> f64 {
    let z = x * x;
    // erf(x) / x - 1 on [0, 1], in x^2: 2^-54 of erf(x).
    var p = -7.779415873178719e-10lf;
    p = p * z + 1.3710950757922998e-8lf;
    p = p * z - 1.6206306513602935e-7lf;
    p = p * z + 1.6447130564097116e-6lf;
    p = p * z - 1.4924712214301573e-5lf;
    p = p * z + 0.0001205529357193404lf;
    p = p * z - 0.0008548325929130739lf;
    p = p * z + 0.005223977606114128lf;
    p = p * z - 0.026866170643110844lf;
    p = p * z + 0.1128379167094418lf;
    p = p * z - 0.3761263890318352lf;
    p = p * z + 0.12837916709551256lf;
    return x * p;
}

// 1 - erf(a) for a from 0.9 on: e^(-a^2) t p(t) with t = 1 / (1 + a / 2).
fn volta_erf_tail_f64(x: f64) -> f64 {
    let a = min(x, 27.3lf);
    let high = volta_upper_f64(a);
    let low = a - high;
    // t and then its product with p are taken in two parts.
    let under = 1.0lf + 0.5lf * a;
    let t_high = volta_upper_f64(1.0lf / under);
    let t_rest = (1.0lf - t_high) - 0.5lf * (t_high * high) - 0.5lf * (t_high * low);
    let t_low = t_rest / under;
    let t = t_high + t_low;
    let u = t - 0.375lf;
    // e^(a^2) erfc(a) / t on [0.88, 27.3], in t - 3/8: 2^-54 of it.
    var p = 0.2882419547340616lf;
    p = p * u - 0.0382661598583513lf;
    p = p * u - 0.3314203662795458lf;
    p = p * u + 0.15025859286428178lf;
    p = p * u + 0.17331233042287805lf;
    p = p * u - 0.1875768497311023lf;
    p = p * u - 0.021128447493411983lf;
    p = p * u + 0.14813990852840678lf;
    p = p * u - 0.06094676725416818lf;
    p = p * u - 0.08968850887641333lf;
    p = p * u + 0.0915439380882456lf;
    p = p * u + 0.04431903026676937lf;
    p = p * u - 0.10159296215218032lf;
    p = p * u - 0.01953496054384559lf;
    p = p * u + 0.11485023628768634lf;
    p = p * u + 0.0203982635738083lf;
    p = p * u - 0.15185477625855656lf;
    p = p * u - 0.089130565272691lf;
    p = p * u + 0.21234598382692066lf;
    p = p * u + 0.4904917206359345lf;
    p = p * u + 0.5554590614502859lf;
    p = p * u + 0.43330656247972915lf;
    let p_high = volta_upper_f64(p);
    let head = p_high * t_high;
    let tail = p_high * t_low + (p - p_high) * t;
    // What rounding took from the square and from the t of p, whose slope is about 1.3 p.
    let square = a * a;
    let lost = (high * high - square) + 2.0lf * (high * low) + low * low;
    let rest = 1.3lf * ((t_high - t) + t_low) - lost;
    let parts = volta_exp_parts_f64(-square);
    let power = parts.x + rest * (parts.x + 1.0lf);
    return volta_scale_f64(head + (tail + (head + tail) * power), i32(parts.y));
}

// Within 1.1 ulp.
fn volta_erf_f64(x: f64) -> f64 {
    if volta_is_nan_f64(x) {
        return x;
    }
    let a = abs(x);
    if a < 1e-8lf {
        // Larger, so that no product falls below the normal numbers.
        let larger = x * 16.0lf;
        return 0.0625lf * (larger + larger * 0.1283791670955126lf);
    }
    if a <= 1.0lf {
        return x + volta_erf_rest_f64(x);
    }
    return volta_copysign_f64(1.0lf - volta_erf_tail_f64(a), x);
}

// Within 3 ulp.
fn volta_erfc_f64(x: f64) -> f64 {
    if volta_is_nan_f64(x) {
        return x;
    }
    if abs(x) <= 0.9lf {
        return (1.0lf - x) - volta_erf_rest_f64(x);
    }
    let y = volta_erf_tail_f64(abs(x));
    return select(y, 2.0lf - y, x < 0.0lf);
}
