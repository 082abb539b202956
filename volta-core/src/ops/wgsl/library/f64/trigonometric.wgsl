// 64 zeros and the bits of 2 / pi, 64 at a time.
fn volta_two_over_pi_f64(k: u32) -> u64 {
    switch k {
        case 0u: { return 0lu; }
        case 1u: { return 0xa2f9836e4e441529lu; }
        case 2u: { return 0xfc2757d1f534ddc0lu; }
        case 3u: { return 0xdb6295993c439041lu; }
        case 4u: { return 0xfe5163abdebbc561lu; }
        case 5u: { return 0xb7246e3a424dd2e0lu; }
        case 6u: { return 0x06492eea09d1921clu; }
        case 7u: { return 0xfe1deb1cb129a73elu; }
        case 8u: { return 0xe88235f52ebb4484lu; }
        case 9u: { return 0xe99c7026b45f7e41lu; }
        case 10u: { return 0x3991d639835339f4lu; }
        case 11u: { return 0x9c845f8bbdf9283blu; }
        case 12u: { return 0x1ff897ffde05980flu; }
        case 13u: { return 0xef2f118b5a0a6d1flu; }
        case 14u: { return 0x6d367ecf27cb09b7lu; }
        case 15u: { return 0x4f463f669e5fea2dlu; }
        case 16u: { return 0x7527bac7ebe5f17blu; }
        case 17u: { return 0x3d0739f78a5292ealu; }
        default: { return 0x6bfb5fb11f8d5d08lu; }
    }
}

// The 64 of these bits that follow the first k.
fn volta_two_over_pi_at_f64(k: u32) -> u64 {
    let places = k & 63u;
    let upper = volta_two_over_pi_f64(k >> 6u) << places;
    let lower = (volta_two_over_pi_f64((k >> 6u) + 1u) >> 1u) >> (63u - places);
    return upper | lower;
}

// As volta_reduce_f64, from 2 on (Payne and Hanek): the bits of 2 / pi whose product with x is
// whole turns are left out, and 192 of the following are multiplied.
fn volta_reduce_large_f64(x: f64) -> vec2<f64> {
    let bits = bitcast<u64>(x) & 0x7ffffffffffffffflu;
    let significand = ((bits & 0xffffffffffffflu) | 0x10000000000000lu) << 11u;
    let skipped = u32(bits >> 52u) - 1024u;
    let w0 = volta_two_over_pi_at_f64(skipped);
    let w1 = volta_two_over_pi_at_f64(skipped + 64u);
    let w2 = volta_two_over_pi_at_f64(skipped + 128u);
    let low = significand * w1;
    let middle = low + volta_mul_high_u64(significand, w2);
    let carry = select(0lu, 1lu, middle < low);
    let high = significand * w0 + volta_mul_high_u64(significand, w1) + carry;
    var quadrant = u32(high >> 62u);
    var upper = (high << 2u) | (middle >> 62u);
    var lower = middle << 2u;
    let back = upper >= 0x8000000000000000lu;
    if back {
        quadrant = quadrant + 1u;
        lower = ~lower + 1lu;
        upper = ~upper + select(0lu, 1lu, lower == 0lu);
    }
    // The fraction of a quadrant, times pi / 2.
    let r = (f64(upper) + f64(lower) * 5.421010862427522e-20lf) * 8.515303950216386e-20lf;
    let turned = select(r, -r, back != (x < 0.0lf));
    let signed = select(quadrant, 4u - (quadrant & 3u), x < 0.0lf);
    return vec2<f64>(turned, f64(signed & 3u));
}

// x less the nearest multiple of pi / 2, and which of the four in a turn that is.
fn volta_reduce_f64(x: f64) -> vec2<f64> {
    if abs(x) >= 1048576.0lf {
        return volta_reduce_large_f64(x);
    }
    let n = round(x * 0.6366197723675814lf);
    let near = (x - n * 1.5707963267341256lf) - n * 6.077100506303966e-11lf;
    let r = (near - n * 2.0222662487111665e-21lf) - n * 8.4784276603689e-32lf;
    return vec2<f64>(r, f64(i32(n) & 3));
}

// The sine of -pi / 4 to pi / 4.
fn volta_sin_near_f64(r: f64) -> f64 {
    let z = r * r;
    // (sin(r) / r - 1) / r^2, in r^2: 2^-56 of sin(r).
    var p = 1.5894610929974092e-10lf;
    p = p * z - 2.5050720533749693e-8lf;
    p = p * z + 2.7557313452319335e-6lf;
    p = p * z - 0.0001984126982911725lf;
    p = p * z + 0.00833333333332155lf;
    p = p * z - 0.1666666666666663lf;
    return p * z * r + r;
}

// The cosine of -pi / 4 to pi / 4.
fn volta_cos_near_f64(r: f64) -> f64 {
    let z = r * r;
    // (cos(r) - 1 + r^2 / 2) / r^4, in r^2: 2^-62 of cos(r).
    var p = -1.1357407660576001e-11lf;
    p = p * z + 2.087567943608338e-9lf;
    p = p * z - 2.755731402490491e-7lf;
    p = p * z + 2.4801587288328607e-5lf;
    p = p * z - 0.0013888888888872238lf;
    p = p * z + 0.04166666666666659lf;
    return (p * z * z - 0.5lf * z) + 1.0lf;
}

// Within 2.2 ulp, at all numbers.
fn volta_sin_f64(x: f64) -> f64 {
    if abs(x) < 7.450580596923828e-9lf {
        return x;
    }
    if (bitcast<u64>(x) & 0x7ffffffffffffffflu) >= 0x7ff0000000000000lu {
        return volta_from_bits_f64(0x7ff8000000000000lu);
    }
    let parts = volta_reduce_f64(x);
    let odd = (parts.y == 1.0lf) | (parts.y == 3.0lf);
    let y = select(volta_sin_near_f64(parts.x), volta_cos_near_f64(parts.x), odd);
    return select(y, -y, parts.y >= 2.0lf);
}

// Within 2.2 ulp, at all numbers.
fn volta_cos_f64(x: f64) -> f64 {
    if (bitcast<u64>(x) & 0x7ffffffffffffffflu) >= 0x7ff0000000000000lu {
        return volta_from_bits_f64(0x7ff8000000000000lu);
    }
    let parts = volta_reduce_f64(x);
    let odd = (parts.y == 1.0lf) | (parts.y == 3.0lf);
    let y = select(volta_cos_near_f64(parts.x), volta_sin_near_f64(parts.x), odd);
    return select(y, -y, (parts.y == 1.0lf) | (parts.y == 2.0lf));
}

// Within 3.2 ulp, at all numbers.
fn volta_tan_f64(x: f64) -> f64 {
    if abs(x) < 7.450580596923828e-9lf {
        return x;
    }
    if (bitcast<u64>(x) & 0x7ffffffffffffffflu) >= 0x7ff0000000000000lu {
        return volta_from_bits_f64(0x7ff8000000000000lu);
    }
    let parts = volta_reduce_f64(x);
    let r = parts.x;
    let z = r * r;
    // (tan(r) / r - 1) / r^2 on [0, pi / 4], in r^2: 2^-57 of tan(r).
    var p = 9.954717642314572e-6lf;
    p = p * z - 2.4970155209096812e-5lf;
    p = p * z + 5.003463963013905e-5lf;
    p = p * z - 2.730077282998643e-5lf;
    p = p * z + 6.853301258354573e-5lf;
    p = p * z + 8.284267318199694e-5lf;
    p = p * z + 0.00024402964078986146lf;
    p = p * z + 0.0005887867952420234lf;
    p = p * z + 0.0014560610780621152lf;
    p = p * z + 0.00359209870234756lf;
    p = p * z + 0.008863238130265837lf;
    p = p * z + 0.021869488386528017lf;
    p = p * z + 0.053968253973367505lf;
    p = p * z + 0.13333333333324496lf;
    p = p * z + 0.33333333333333387lf;
    let y = p * z * r + r;
    return select(y, -1.0lf / y, (parts.y == 1.0lf) | (parts.y == 3.0lf));
}
