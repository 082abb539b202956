fn i32_of_f32(x: f32) -> i32 {
    if (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u {
        return 0i;
    }
    if x >= 2147483648.0f {
        return 2147483647i;
    }
    if x <= -2147483648.0f {
        return i32(-2147483648);
    }
    return i32(x);
}

fn u8_of_f32(x: f32) -> u32 {
    return u32(clamp(i32_of_f32(x), 0i, 255i));
}
