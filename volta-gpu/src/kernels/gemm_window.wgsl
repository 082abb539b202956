// Patches of planes, without a matrix of them: a column and a term are three digits each, and what
// lies in a plane at the sum of their places is loaded, 0 beyond its edges.
struct Column {
    place: u32,
    at: vec2<u32>,
}
struct Term {
    digits: vec3<u32>,
    a: u32,
    place: u32,
    at: vec2<u32>,
}

fn digits(number: u32, sizes: vec2<u32>) -> vec3<u32> {
    let rest = number / sizes.y;
    return vec3<u32>(rest / sizes.x, rest % sizes.x, number % sizes.y);
}

// Below 0 in two's complement.
fn place_of(plane: u32, at: vec2<u32>) -> u32 {
    return plane + at.x * loader(1u) + at.y * loader(2u);
}

fn inside(at: vec2<u32>) -> bool { return at.x < loader(3u) && at.y < loader(4u); }

fn row_at(row: u32) -> u32 { return row * loader(0u); }

fn column_at(first: u32, column: u32) -> Column {
    let digits = digits(column, vec2<u32>(loader(5u), loader(6u)));
    let at = digits.yz * vec2<u32>(loader(8u), loader(9u)) + vec2<u32>(loader(10u), loader(11u));
    return Column(place_of(first + digits.x * loader(7u), at), at);
}

fn term_sizes() -> vec2<u32> { return vec2<u32>(loader(12u), loader(13u)); }

fn term_of(digits: vec3<u32>) -> Term {
    let at = digits.yz * vec2<u32>(loader(15u), loader(16u)) + vec2<u32>(loader(17u), loader(18u));
    let a = digits.x * loader(19u) + digits.y * loader(20u) + digits.z * loader(21u);
    return Term(digits, a, place_of(digits.x * loader(14u), at), at);
}

fn term_at(term: u32) -> Term { return term_of(digits(term, term_sizes())); }

fn next(term: Term) -> Term {
    let sizes = term_sizes();
    var digits = term.digits;
    digits.z += 1u;
    if digits.z == sizes.y {
        digits.z = 0u;
        digits.y += 1u;
    }
    if digits.y == sizes.x {
        digits.y = 0u;
        digits.x += 1u;
    }
    return term_of(digits);
}

fn load_a(row: u32, term: Term) -> T { return in0_at(row + term.a); }

fn load_b(column: Column, term: Term) -> T {
    var value = T();
    if inside(column.at + term.at) {
        value = in1_at(column.place + term.place);
    }
    return value;
}
