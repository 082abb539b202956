// e^x / 2, without overflow on the way.
fn volta_exp_half_f64(x: f64) -> f64 {
    let parts = volta_exp_parts_f64(x);
    return volta_scale_f64(parts.x + 1.0lf, i32(parts.y) - 1);
}

// Within 2 ulp.
fn volta_sinh_f64(x: f64) -> f64 {
    let a = abs(x);
    if volta_is_nan_f64(x) {
        return x;
    }
    if a > 1.0lf {
        let half = volta_exp_half_f64(a);
        return volta_copysign_f64(half - 0.25lf / half, x);
    }
    let z = x * x;
    // (sinh(x) / x - 1) / x^2 on [0, 1], in x^2: 2^-56 of sinh(x).
    var p = 7.758734186533142e-13lf;
    p = p * z + 1.605726037787363e-10lf;
    p = p * z + 2.5052123127025115e-8lf;
    p = p * z + 2.755731915714589e-6lf;
    p = p * z + 0.00019841269841431596lf;
    p = p * z + 0.008333333333333148lf;
    p = p * z + 0.16666666666666669lf;
    return x + x * (z * p);
}

// Within 1.6 ulp.
fn volta_cosh_f64(x: f64) -> f64 {
    if volta_is_nan_f64(x) {
        return x;
    }
    let half = volta_exp_half_f64(abs(x));
    return half + 0.25lf / half;
}

// Within 1.3 ulp.
fn volta_tanh_f64(x: f64) -> f64 {
    let a = abs(x);
    if volta_is_nan_f64(x) {
        return x;
    }
    if a >= 0.7lf {
        let y = 1.0lf - 2.0lf / (volta_exp_f64(2.0lf * min(a, 20.0lf)) + 1.0lf);
        return volta_copysign_f64(y, x);
    }
    let z = x * x;
    // (tanh(x) / x - 1) / x^2 on [0, 0.7], in x^2: 2^-57 of tanh(x).
    var p = 4.8006485354337374e-6lf;
    p = p * z - 2.7068527207758487e-5lf;
    p = p * z + 8.812616367251616e-5lf;
    p = p * z - 0.00023483925664651885lf;
    p = p * z + 0.0005885793032497354lf;
    p = p * z - 0.0014554945875978201lf;
    p = p * z + 0.0035920731429440736lf;
    p = p * z - 0.008863229581067748lf;
    p = p * z + 0.021869488123975087lf;
    p = p * z - 0.053968253951464734lf;
    p = p * z + 0.1333333333329895lf;
    p = p * z - 0.3333333333333309lf;
    return volta_copysign_f64(a + a * (z * p), x);
}

// Within 1.6 ulp. The logarithm of x + sqrt(x^2 + 1), which from 2^28 on is 2 x.
fn volta_asinh_f64(x: f64) -> f64 {
    let a = abs(x);
    if bitcast<u64>(a) >= 0x7ff0000000000000lu {
        return x;
    }
    let z = a * a;
    if a > 0.7lf {
        // One call for both: with two, Mesa 22.3 on the CPU returns other bits for small numbers.
        let large = a > 268435456.0lf;
        let root = select(sqrt(z + 1.0lf), a, large);
        let other = select(a, 0.0lf, large);
        let y = volta_ln_of_sum_f64(root, other, select(0.0lf, 1.0lf, large));
        return volta_copysign_f64(y, x);
    }
    // (asinh(x) / x - 1) / x^2 on [0, 0.7], in x^2: 2^-57 of asinh(x).
    var p = -0.0002229094516083275lf;
    p = p * z + 0.0011191977781477662lf;
    p = p * z - 0.0027950897679762865lf;
    p = p * z + 0.004786459659999405lf;
    p = p * z - 0.006599365933104516lf;
    p = p * z + 0.008158486371083646lf;
    p = p * z - 0.009704857643771924lf;
    p = p * z + 0.01154143671813355lf;
    p = p * z - 0.01396345308721704lf;
    p = p * z + 0.01735263057592158lf;
    p = p * z - 0.022372150182425585lf;
    p = p * z + 0.03038194405683013lf;
    p = p * z - 0.04464285713278544lf;
    p = p * z + 0.07499999999986708lf;
    p = p * z - 0.16666666666666605lf;
    return volta_copysign_f64(a + a * (z * p), x);
}

// Within 1.5 ulp. With t = x - 1, sqrt(x^2 - 1) is sqrt(t * t + 2 * t), near 1 almost
// sqrt(2 t).
fn volta_acosh_f64(x: f64) -> f64 {
    if volta_is_nan_f64(x) | (bitcast<u64>(x) == 0x7ff0000000000000lu) {
        return x;
    }
    if x < 1.0lf {
        return volta_from_bits_f64(0x7ff8000000000000lu);
    }
    let t = x - 1.0lf;
    if t >= 0.5lf {
        let large = x > 268435456.0lf;
        let root = select(t + sqrt(t * t + 2.0lf * t), x, large);
        let more = select(0.0lf, 1.0lf, large);
        return volta_ln_of_sum_f64(root, 1.0lf - more, more);
    }
    // (acosh(1 + t) / sqrt(2 t) - 1) / t on [0, 0.5]: 2^-56 of acosh(1 + t).
    var p = -1.0677444798523037e-6lf;
    p = p * t + 5.661592596669421e-6lf;
    p = p * t - 1.740378900740058e-5lf;
    p = p * t + 4.4396494973987897e-5lf;
    p = p * t - 0.00010888471199349867lf;
    p = p * t + 0.00027109382427908626lf;
    p = p * t - 0.0006991242724187829lf;
    p = p * t + 0.0018988710514709095lf;
    p = p * t - 0.0055803571196461465lf;
    p = p * t + 0.018749999999434667lf;
    p = p * t - 0.08333333333332854lf;
    let root = sqrt(2.0lf * t);
    return root + root * (t * p);
}

// Within 1.3 ulp. Beyond 1/2 it is ln(1 + 2 x / (1 - x)) / 2.
fn volta_atanh_f64(x: f64) -> f64 {
    let a = abs(x);
    let one = 0x3ff0000000000000lu;
    if bitcast<u64>(a) >= one {
        let pole = select(0x7ff8000000000000lu, 0x7ff0000000000000lu, bitcast<u64>(a) == one);
        return volta_copysign_f64(volta_from_bits_f64(pole), x);
    }
    if a > 0.5lf {
        return volta_copysign_f64(0.5lf * volta_log1p_f64((a + a) / (1.0lf - a)), x);
    }
    let z = a * a;
    // (atanh(x) / x - 1) / x^2 on [0, 0.5], in x^2: 2^-56 of atanh(x).
    var p = 0.2247658664073077lf;
    p = p * z - 0.15287647728678108lf;
    p = p * z + 0.1449138373941802lf;
    p = p * z + 0.01457119182614887lf;
    p = p * z + 0.0598221384840428lf;
    p = p * z + 0.05774434741597202lf;
    p = p * z + 0.06677938976781805lf;
    p = p * z + 0.07691495267293665lf;
    p = p * z + 0.09090948452628138lf;
    p = p * z + 0.1111110988995706lf;
    p = p * z + 0.1428571430800291lf;
    p = p * z + 0.19999999999795484lf;
    p = p * z + 0.33333333333333987lf;
    return x + x * (z * p);
}
