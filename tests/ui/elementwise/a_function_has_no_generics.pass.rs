use volta::prelude::*;

#[elementwise]
fn triple(x: Num) -> Num {
    x + x + x
}

fn main() {}
