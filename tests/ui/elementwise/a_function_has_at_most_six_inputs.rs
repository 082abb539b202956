use volta::prelude::*;

#[elementwise]
fn sum(a: Num, b: Num, c: Num, d: Num, e: Num, f: Num, g: Num) -> Num {
    a + b + c + d + e + f + g
}

fn main() {}
