//! A function of `Num` has whole literals
use volta::prelude::*;

#[elementwise]
fn half(x: Num) -> Num {
    0.5 * x
}

fn main() {}
