// Numbers of 64 bits by their bits.

fn volta_from_bits_f64(bits: u64) -> f64 {
    return bitcast<f64>(bits);
}

fn volta_is_nan_f64(x: f64) -> bool {
    return (bitcast<u64>(x) & 0x7ffffffffffffffflu) > 0x7ff0000000000000lu;
}

// x - x.
fn volta_less_itself_f64(x: f64) -> f64 {
    let number = (bitcast<u64>(x) & 0x7ffffffffffffffflu) < 0x7ff0000000000000lu;
    return select(volta_from_bits_f64(0x7ff8000000000000lu), 0.0lf, number);
}

fn volta_eq_f64(a: f64, b: f64) -> bool {
    return (a == b) & !volta_is_nan_f64(a);
}

// The upper 26 bits of the significand: products of two such are exact.
fn volta_upper_f64(x: f64) -> f64 {
    return bitcast<f64>(bitcast<u64>(x) & 0xfffffffff8000000lu);
}

fn volta_copysign_f64(x: f64, sign: f64) -> f64 {
    let size = bitcast<u64>(x) & 0x7ffffffffffffffflu;
    return bitcast<f64>(size | (bitcast<u64>(sign) & 0x8000000000000000lu));
}

// x * 2^n for n of -2040 to 2040, rounded once.
fn volta_scale_f64(x: f64, n: i32) -> f64 {
    let half = n >> 1u;
    let lower = bitcast<f64>(u64(half + 1023) << 52u);
    let upper = bitcast<f64>(u64(n - half + 1023) << 52u);
    return x * lower * upper;
}

// The upper half of the product.
fn volta_mul_high_u64(a: u64, b: u64) -> u64 {
    let a0 = a & 0xfffffffflu;
    let a1 = a >> 32u;
    let b0 = b & 0xfffffffflu;
    let b1 = b >> 32u;
    let middle = a1 * b0 + ((a0 * b0) >> 32u);
    let other = a0 * b1 + (middle & 0xfffffffflu);
    return a1 * b1 + (middle >> 32u) + (other >> 32u);
}

// Exact: long division of the significands.
fn volta_fmod_f64(x: f64, y: f64) -> f64 {
    let a = bitcast<u64>(x) & 0x7ffffffffffffffflu;
    let b = bitcast<u64>(y) & 0x7ffffffffffffffflu;
    let infinity = 0x7ff0000000000000lu;
    if (a >= infinity) | (b > infinity) | (b == 0lu) {
        return volta_from_bits_f64(0x7ff8000000000000lu);
    }
    if a < b {
        return x;
    }
    let one = 0x10000000000000lu;
    let exponent = max(u32(b >> 52u), 1u);
    let divisor = select(b, (b & (one - 1lu)) | one, b >= one);
    var rest = select(a, (a & (one - 1lu)) | one, a >= one);
    rest = rest % divisor;
    var places = max(u32(a >> 52u), 1u) - exponent;
    while places > 0u {
        let step = min(places, 11u);
        rest = (rest << step) % divisor;
        places = places - step;
    }
    return volta_copysign_f64(volta_scale_f64(f64(rest), i32(exponent) - 1075), x);
}
