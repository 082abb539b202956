//! A bare size is not a shape
use volta::prelude::*;

struct Features<N: Dim>(Tensor<N>);

fn main() {
    let _: Option<Features<Dyn>> = None;
}
