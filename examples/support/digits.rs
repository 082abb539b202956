//! The digits that come with the repository.

use volta::Error;
use volta::data::Mnist;
use volta::prelude::*;

/// Digits, from 0 (black) to 1 (white).
pub(crate) type Images<const N: usize, B = Cpu> = Tensor<s![{ N }, 1, 28, 28], f32, B>;

pub(crate) fn open() -> Result<Mnist, Error> {
    Mnist::open(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/mnist"))
}
