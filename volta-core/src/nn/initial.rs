//! How parameters start, as in PyTorch.

use super::Param;
use crate::backend::Backend;
use crate::dtype::Float;
use crate::ops::elementwise as op;
use crate::random::Rng;
use crate::shape::{Shape, StaticShape};
use crate::tensor::Tensor;

/// `1 / sqrt(fan in)`: the bound of Kaiming's uniform distribution with `a = sqrt(5)`, and of the
/// bias (`torch.nn.Linear.reset_parameters`).
pub(super) fn fan_in_bound(fan_in: usize) -> f64 {
    if fan_in == 0 {
        0.0
    } else {
        1.0 / (fan_in as f64).sqrt()
    }
}

/// Uniform between `-bound` and `bound`.
pub(super) fn uniform<S: Shape, E: Float, B: Backend>(
    shape: S,
    bound: f64,
    device: &B::Device,
    rng: &mut Rng,
) -> Tensor<S, E, B> {
    let x: Tensor<S, E, B> = Tensor::rand_on(shape, rng, device);
    let constant = |value: f64| B::full(device, E::from_f64(value), x.dims());
    let scaled = B::map(op::Mul, [x.prim(), &constant(2.0 * bound)]);
    Tensor::from_prim(shape, B::map(op::Sub, [&scaled, &constant(bound)]))
}

/// A setting, if it is 0 or more.
#[track_caller]
pub(super) fn not_negative(layer: &str, name: &str, value: f64) -> f64 {
    assert!(value >= 0.0, "{layer}: an {name} of {value} is below 0");
    value
}

/// The weight of a convolution, and the bound of it and of the bias: everything but the first axis
/// goes in.
pub(super) fn kernel<S: StaticShape, E: Float, B: Backend>(
    device: &B::Device,
    rng: &mut Rng,
) -> (Param<S, E, B>, f64) {
    let dims = S::SHAPE.dims();
    let bound = fan_in_bound(dims.as_ref()[1..].iter().product());
    (uniform(S::SHAPE, bound, device, rng).into(), bound)
}
