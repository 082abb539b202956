// The nearest half, the even one of two.
fn f16_bits(value: f32) -> u32 {
    let bits = bitcast<u32>(value);
    let sign = (bits >> 16u) & 0x8000u;
    let size = bits & 0x7fffffffu;
    if size > 0x7f800000u {
        return sign | 0x7e00u;
    }
    // From 65520 on, halfway to what comes after the largest.
    if size >= 0x477ff000u {
        return sign | 0x7c00u;
    }
    if size >= 0x38800000u {
        let rounded = size + 0xfffu + ((size >> 13u) & 1u);
        return sign | ((rounded - 0x38000000u) >> 13u);
    }
    if size < 0x33000000u {
        return sign;
    }
    // Below the normal numbers: in units of 2^-24.
    let digits = (size & 0x7fffffu) | 0x800000u;
    let shift = 126u - (size >> 23u);
    let rest = digits & ((1u << shift) - 1u);
    let half = 1u << (shift - 1u);
    let units = digits >> shift;
    let up = rest > half || (rest == half && (units & 1u) == 1u);
    return sign | (units + select(0u, 1u, up));
}
