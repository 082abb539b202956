fn i32_of_f64(x: f64) -> i32 {
    if x >= 2147483647.0lf {
        return 2147483647i;
    }
    if x <= -2147483648.0lf {
        return i32(-2147483648);
    }
    if x > -2147483648.0lf {
        return i32(x);
    }
    return 0i;
}

fn u8_of_f64(x: f64) -> u32 {
    return u32(clamp(i32_of_f64(x), 0i, 255i));
}
