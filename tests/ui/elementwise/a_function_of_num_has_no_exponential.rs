//! A function of `Num` has no exponential
use volta::prelude::*;

#[elementwise]
fn grown(x: Num) -> Num {
    exp(x) + x
}

fn main() {}
