use volta::prelude::*;

#[elementwise]
fn even(x: Int) -> Int {
    x & !1
}

fn main() {}
