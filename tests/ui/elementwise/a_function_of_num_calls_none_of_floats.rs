//! A function of `Num` calls none of `Float`
use volta::prelude::*;

#[elementwise]
fn gated(x: Num) -> Num {
    x * sigmoid(x)
}

fn main() {}
