fn is_nan(x: vec2<u32>) -> bool {
    let size = x.y & 0x7fffffffu;
    return size > 0x7ff00000u || (size == 0x7ff00000u && x.x != 0u);
}

// Words that compare as the numbers do; both zeros have the same.
fn rank(x: vec2<u32>) -> vec2<u32> {
    if ((x.y & 0x7fffffffu) | x.x) == 0u {
        return vec2<u32>(0u, 0x80000000u);
    }
    if (x.y >> 31u) == 1u {
        return ~x;
    }
    return vec2<u32>(x.x, x.y | 0x80000000u);
}

fn wins(b: vec2<u32>, a: vec2<u32>) -> bool {
    let p = rank(b);
    let q = rank(a);
    let beyond = p.y BEYOND q.y || (p.y == q.y && p.x BEYOND q.x);
    return (beyond || is_nan(b)) && !is_nan(a);
}
