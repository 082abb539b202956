// The angle is taken from the nearest quarter of a turn, from which it is exact.
fn box_muller(uniform: vec2<NUMBER>) -> vec2<NUMBER> {
    let radius = SQRT(-2.0SUFFIX * LN(1.0SUFFIX - uniform.x));
    let turned = uniform.y * 4.0SUFFIX;
    let quarter = floor(turned + 0.5SUFFIX);
    let angle = (turned - quarter) * 1.5707963267948966SUFFIX;
    let c = COS(angle);
    let s = SIN(angle);
    switch u32(quarter) & 3u {
        case 0u: { return radius * vec2<NUMBER>(c, s); }
        case 1u: { return radius * vec2<NUMBER>(-s, c); }
        case 2u: { return radius * vec2<NUMBER>(-c, -s); }
        default: { return radius * vec2<NUMBER>(s, -c); }
    }
}
