// Matrices in memory: everything is a multiple of a stride.
alias Column = u32;
alias Term = vec2<u32>;
fn row_at(row: u32) -> u32 { return row * loader(0u); }
fn column_at(first: u32, column: u32) -> Column { return first + column * loader(3u); }
fn term_at(term: u32) -> Term { return vec2<u32>(term * loader(1u), term * loader(2u)); }
fn next(term: Term) -> Term { return term + vec2<u32>(loader(1u), loader(2u)); }
