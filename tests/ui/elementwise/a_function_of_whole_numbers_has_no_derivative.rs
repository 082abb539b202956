use volta::prelude::*;

#[elementwise]
#[derivative(x = 1.0)]
fn even(x: Int) -> Int {
    x & !1
}

fn main() {}
