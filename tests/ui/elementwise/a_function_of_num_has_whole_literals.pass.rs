use volta::prelude::*;

#[elementwise]
fn half(x: Num) -> Num {
    x / 2
}

fn main() {}
