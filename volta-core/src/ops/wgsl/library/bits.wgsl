// Numbers by their bits: what a compiler would refuse as a constant, or fold away.

fn volta_from_bits(bits: u32) -> f32 {
    return bitcast<f32>(bits);
}

fn volta_is_nan(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

// x - x.
fn volta_less_itself(x: f32) -> f32 {
    let number = (bitcast<u32>(x) & 0x7fffffffu) < 0x7f800000u;
    return select(volta_from_bits(0x7fc00000u), 0.0f, number);
}

fn volta_eq(a: f32, b: f32) -> bool {
    return (a == b) & !volta_is_nan(a);
}

// The upper 12 bits of the significand: products of two such are exact.
fn volta_upper(x: f32) -> f32 {
    return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
}

fn volta_copysign(x: f32, sign: f32) -> f32 {
    return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(sign) & 0x80000000u));
}

// x * 2^n for n of -250 to 250, rounded once.
fn volta_scale(x: f32, n: i32) -> f32 {
    let half = n >> 1u;
    let lower = bitcast<f32>(u32(half + 127) << 23u);
    let upper = bitcast<f32>(u32(n - half + 127) << 23u);
    return x * lower * upper;
}

fn volta_shl_i32(x: i32, places: i32) -> i32 {
    let n = bitcast<u32>(places);
    return select(0i, x << (n & 31u), n < 32u);
}

fn volta_shr_i32(x: i32, places: i32) -> i32 {
    return x >> min(bitcast<u32>(places), 31u);
}

fn volta_shl_i64(x: i64, places: i64) -> i64 {
    let n = bitcast<u64>(places);
    return select(0li, x << (u32(n) & 63u), n < 64lu);
}

fn volta_shr_i64(x: i64, places: i64) -> i64 {
    return x >> u32(min(bitcast<u64>(places), 63lu));
}

fn volta_shl_u8(x: u32, places: u32) -> u32 {
    return select(0u, (x << (places & 31u)) & 255u, places < 8u);
}

fn volta_shr_u8(x: u32, places: u32) -> u32 {
    return select(0u, x >> (places & 31u), places < 8u);
}

// The upper half of the product.
fn volta_mul_high(a: u32, b: u32) -> u32 {
    let a0 = a & 0xffffu;
    let a1 = a >> 16u;
    let b0 = b & 0xffffu;
    let b1 = b >> 16u;
    let middle = a1 * b0 + ((a0 * b0) >> 16u);
    let other = a0 * b1 + (middle & 0xffffu);
    return a1 * b1 + (middle >> 16u) + (other >> 16u);
}

// Exact: long division of the significands.
fn volta_fmod(x: f32, y: f32) -> f32 {
    let a = bitcast<u32>(x) & 0x7fffffffu;
    let b = bitcast<u32>(y) & 0x7fffffffu;
    if (a >= 0x7f800000u) | (b > 0x7f800000u) | (b == 0u) {
        return volta_from_bits(0x7fc00000u);
    }
    if a < b {
        return x;
    }
    let exponent = max(b >> 23u, 1u);
    let divisor = select(b & 0x7fffffu, (b & 0x7fffffu) | 0x800000u, b >= 0x800000u);
    var rest = select(a & 0x7fffffu, (a & 0x7fffffu) | 0x800000u, a >= 0x800000u);
    rest = rest % divisor;
    var places = max(a >> 23u, 1u) - exponent;
    while places > 0u {
        let step = min(places, 8u);
        rest = (rest << step) % divisor;
        places = places - step;
    }
    return volta_copysign(volta_scale(f32(rest), i32(exponent) - 150), x);
}
