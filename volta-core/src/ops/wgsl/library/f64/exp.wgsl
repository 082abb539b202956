// e^r - 1 and the n of e^x = 2^n e^r.
fn volta_exp_parts_f64(x: f64) -> vec2<f64> {
    let bounded = clamp(x, -760.0lf, 720.0lf);
    let n = round(bounded * 1.4426950408889634lf);
    let r = (bounded - n * 0.6931471805582987lf) - n * 1.6465949582897082e-12lf;
    // (e^r - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2]: 2^-56 of e^r.
    var p = 2.4998880495834002e-8lf;
    p = p * r + 2.763064181895319e-7lf;
    p = p * r + 2.755759239138877e-6lf;
    p = p * r + 2.480149209305145e-5lf;
    p = p * r + 0.0001984126949733164lf;
    p = p * r + 0.0013888888944492094lf;
    p = p * r + 0.008333333333499823lf;
    p = p * r + 0.04166666666652737lf;
    p = p * r + 0.16666666666666402lf;
    p = p * r + 0.5000000000000011lf;
    return vec2<f64>(p * (r * r) + r, n);
}

// Within 1.2 ulp.
fn volta_exp_f64(x: f64) -> f64 {
    if volta_is_nan_f64(x) {
        return x;
    }
    let parts = volta_exp_parts_f64(x);
    return volta_scale_f64(parts.x + 1.0lf, i32(parts.y));
}

// 2^r for r of -1/2 to 1/2.
fn volta_exp2_near_f64(r: f64) -> f64 {
    // (2^r - 1) / r on [-1/2, 1/2]: 2^-55 of 2^r.
    var p = 4.434773890095194e-10lf;
    p = p * r + 7.073783092780602e-9lf;
    p = p * r + 1.0178199548814691e-7lf;
    p = p * r + 1.3215435283317969e-6lf;
    p = p * r + 1.5252733493199663e-5lf;
    p = p * r + 0.00015403530457109793lf;
    p = p * r + 0.0013333558146774525lf;
    p = p * r + 0.009618129107594122lf;
    p = p * r + 0.055504108664820084lf;
    p = p * r + 0.2402265069591013lf;
    p = p * r + 0.6931471805599453lf;
    return p * r + 1.0lf;
}

// Within 1.2 ulp.
fn volta_exp2_f64(x: f64) -> f64 {
    if volta_is_nan_f64(x) {
        return x;
    }
    let bounded = clamp(x, -1080.0lf, 1030.0lf);
    let n = round(bounded);
    return volta_scale_f64(volta_exp2_near_f64(bounded - n), i32(n));
}

// Within 1.7 ulp. Of e^x = 2^n e^r, half of 2^n is taken: at the top 2^n would be infinite.
fn volta_expm1_f64(x: f64) -> f64 {
    if volta_is_nan_f64(x) | (abs(x) < 1e-18lf) {
        return x;
    }
    let bounded = clamp(x, -40.0lf, 710.0lf);
    let n = round(bounded * 1.4426950408889634lf);
    let r = (bounded - n * 0.6931471805582987lf) - n * 1.6465949582897082e-12lf;
    // (e^r - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2]: 2^-60 of e^r - 1.
    var p = 2.087532224873706e-9lf;
    p = p * r + 2.510929648264636e-8lf;
    p = p * r + 2.755740357015309e-7lf;
    p = p * r + 2.7557243536161223e-6lf;
    p = p * r + 2.4801587170385313e-5lf;
    p = p * r + 0.00019841269886718504lf;
    p = p * r + 0.0013888888888964003lf;
    p = p * r + 0.00833333333332143lf;
    p = p * r + 0.041666666666666505lf;
    p = p * r + 0.16666666666666677lf;
    p = p * r + 0.5lf;
    let half = volta_from_bits_f64(u64(i32(n) + 1022) << 52u);
    return 2.0lf * (half * (p * (r * r) + r) + (half - 0.5lf));
}
