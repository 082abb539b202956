fn line_pixels() -> u32 { return loader(6u); }

fn next_line(term: Term) -> Term {
    var digits = term.digits;
    digits.y += 1u;
    if digits.y == term_sizes().x {
        digits.y = 0u;
        digits.x += 1u;
    }
    return term_of(digits);
}

// What is so many pixels further on, or back in two's complement.
fn load_shifted(column: Column, term: Term, shift: u32) -> T {
    var value = T();
    if inside(column.at + term.at + vec2<u32>(0u, shift)) {
        value = in1_at(column.place + term.place + shift * loader(2u));
    }
    return value;
}

fn load_tap(row: u32, term: Term, tap: u32) -> T {
    return in0_at(row + term.a + tap * loader(21u));
}
