use volta::prelude::*;

#[elementwise]
fn sum(a: Num, b: Num, c: Num, d: Num, e: Num, f: Num) -> Num {
    a + b + c + d + e + f
}

fn main() {}
