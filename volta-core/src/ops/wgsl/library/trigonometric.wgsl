// Coefficients: Cephes (S. L. Moshier).

// 32 zeros and the bits of 2 / pi, 32 at a time.
fn volta_two_over_pi(k: u32) -> u32 {
    switch k {
        case 0u: { return 0u; }
        case 1u: { return 0xa2f9836eu; }
        case 2u: { return 0x4e441529u; }
        case 3u: { return 0xfc2757d1u; }
        case 4u: { return 0xf534ddc0u; }
        case 5u: { return 0xdb629599u; }
        default: { return 0x3c439041u; }
    }
}

// The 32 of these bits that follow the first k.
fn volta_two_over_pi_at(k: u32) -> u32 {
    let places = k & 31u;
    let upper = volta_two_over_pi(k >> 5u) << places;
    let lower = (volta_two_over_pi((k >> 5u) + 1u) >> 1u) >> (31u - places);
    return upper | lower;
}

// As volta_reduce, from 2 on (Payne and Hanek): the bits of 2 / pi whose product with x is whole
// turns are left out, and 96 of the following are multiplied.
fn volta_reduce_large(x: f32) -> vec2<f32> {
    let bits = bitcast<u32>(x) & 0x7fffffffu;
    let significand = ((bits & 0x007fffffu) | 0x00800000u) << 8u;
    let skipped = (bits >> 23u) - 128u;
    let w0 = volta_two_over_pi_at(skipped);
    let w1 = volta_two_over_pi_at(skipped + 32u);
    let w2 = volta_two_over_pi_at(skipped + 64u);
    let low = significand * w1;
    let middle = low + volta_mul_high(significand, w2);
    let carry = select(0u, 1u, middle < low);
    let high = significand * w0 + volta_mul_high(significand, w1) + carry;
    var quadrant = high >> 30u;
    var upper = (high << 2u) | (middle >> 30u);
    var lower = middle << 2u;
    let back = upper >= 0x80000000u;
    if back {
        quadrant = quadrant + 1u;
        lower = ~lower + 1u;
        upper = ~upper + select(0u, 1u, lower == 0u);
    }
    let zeros = countLeadingZeros(upper);
    if zeros < 32u {
        upper = (upper << zeros) | ((lower >> 1u) >> (31u - zeros));
    }
    let scale = bitcast<f32>((96u - zeros) << 23u);
    let r = f32(volta_mul_high(upper, 0xc90fdaa2u)) * scale;
    let turned = select(r, -r, back != (x < 0.0f));
    let signed = select(quadrant, 4u - (quadrant & 3u), x < 0.0f);
    return vec2<f32>(turned, f32(signed & 3u));
}

// x less the nearest multiple of pi / 2, and which of the four in a turn that is.
fn volta_reduce(x: f32) -> vec2<f32> {
    if abs(x) >= 4096.0f {
        return volta_reduce_large(x);
    }
    let n = round(x * 0.63661975f);
    let r = ((x - n * 1.5703125f) - n * 4.837512969970703e-4f) - n * 7.549533620476723e-8f;
    return vec2<f32>(r - n * 2.5633440682570896e-12f, f32(i32(n) & 3));
}

fn volta_sin_near(r: f32) -> f32 {
    let z = r * r;
    return ((-1.951529589e-4f * z + 8.332160874e-3f) * z - 1.666665461e-1f) * z * r + r;
}

fn volta_cos_near(r: f32) -> f32 {
    let z = r * r;
    let p = (2.443315712e-5f * z - 1.388731625e-3f) * z + 4.166664568e-2f;
    return (p * z * z - 0.5f * z) + 1.0f;
}

// Within 2.5 ulp, at all numbers.
fn volta_sin(x: f32) -> f32 {
    if abs(x) < 2.4414062e-4f {
        return x;
    }
    if (bitcast<u32>(x) & 0x7fffffffu) >= 0x7f800000u {
        return volta_from_bits(0x7fc00000u);
    }
    let parts = volta_reduce(x);
    let odd = (parts.y == 1.0f) | (parts.y == 3.0f);
    let y = select(volta_sin_near(parts.x), volta_cos_near(parts.x), odd);
    return select(y, -y, parts.y >= 2.0f);
}

// Within 2.5 ulp, at all numbers.
fn volta_cos(x: f32) -> f32 {
    if (bitcast<u32>(x) & 0x7fffffffu) >= 0x7f800000u {
        return volta_from_bits(0x7fc00000u);
    }
    let parts = volta_reduce(x);
    let odd = (parts.y == 1.0f) | (parts.y == 3.0f);
    let y = select(volta_cos_near(parts.x), volta_sin_near(parts.x), odd);
    return select(y, -y, (parts.y == 1.0f) | (parts.y == 2.0f));
}

// Within 3.5 ulp, at all numbers.
fn volta_tan(x: f32) -> f32 {
    if abs(x) < 2.4414062e-4f {
        return x;
    }
    if (bitcast<u32>(x) & 0x7fffffffu) >= 0x7f800000u {
        return volta_from_bits(0x7fc00000u);
    }
    let parts = volta_reduce(x);
    let r = parts.x;
    let z = r * r;
    var p = 9.38540185543e-3f;
    p = p * z + 3.11992232697e-3f;
    p = p * z + 2.44301354525e-2f;
    p = p * z + 5.34112807005e-2f;
    p = p * z + 1.33387994085e-1f;
    p = p * z + 3.33331568548e-1f;
    let y = p * z * r + r;
    return select(y, -1.0f / y, (parts.y == 1.0f) | (parts.y == 3.0f));
}
