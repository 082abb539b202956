//! Normalisation and its gradients, in primitives.

use volta_macros::elementwise;

use crate::backend::{Backend, NormaliseGradients, Reduce};
use crate::dtype::Float;
use crate::ops::elementwise as op;
use crate::tape::sum_to;

/// `(x - total / n)^2`. What the mean of the same elements contributes to the derivative of their
/// sum is a multiple of the sum of all distances to it: 0, and so is every derivative of that.
#[elementwise(compiled)]
#[derivative(total = 0.0)]
fn squared_distance(x: Float, total: Float, n: f64) -> Float {
    let distance = x - total / n;
    distance * distance
}

/// `1 / sqrt(total / n + eps)`.
#[elementwise(compiled)]
pub(crate) fn inverse_deviation(total: Float, n: f64, eps: f64) -> Float {
    1.0 / sqrt(total / n + eps)
}

/// `(x - total / n) scale`.
#[elementwise(compiled)]
fn standardise(x: Float, total: Float, scale: Float, n: f64) -> Float {
    (x - total / n) * scale
}

/// `(x - total / n) scale weight + bias`.
#[elementwise(compiled)]
fn standardise_affine(
    x: Float,
    total: Float,
    scale: Float,
    weight: Float,
    bias: Float,
    n: f64,
) -> Float {
    (x - total / n) * scale * weight + bias
}

/// The gradient of `x`, from that of the standardised `y`, the sum of all of those and the sum of
/// their products with `y`.
#[elementwise(compiled)]
fn input_gradient(y: Float, gy: Float, scale: Float, sum: Float, products: Float, n: f64) -> Float {
    (gy - (sum + y * products) / n) * scale
}

/// The gradient that goes the way of the sums: `g_total + 2 (x - total / n) g_squares`.
#[elementwise(compiled)]
fn moments_gradient(x: Float, total: Float, g_total: Float, g_squares: Float, n: f64) -> Float {
    g_total + 2.0 * (x - total / n) * g_squares
}

/// How many elements each mean is of.
fn count(dims: &[usize], axes: &[usize]) -> f64 {
    axes.iter().map(|&axis| dims[axis] as f64).product()
}

/// See [`Backend::normalise`].
pub(crate) fn forward<E: Float, B: Backend>(
    x: &B::Prim<E>,
    axes: &[usize],
    eps: f64,
    affine: Option<[&B::Prim<E>; 2]>,
) -> [B::Prim<E>; 3] {
    let dims = B::dims(x).to_vec();
    let n = count(&dims, axes);
    let total = B::reduce(Reduce::Sum, x, axes);
    let squares = B::map(SquaredDistance { n }, [x, &B::expand(&total, &dims)]);
    let squares = B::reduce(Reduce::Sum, &squares, axes);
    let scale = B::map(InverseDeviation { n, eps }, [&squares]);
    let y = apply::<E, B>(x, &total, n, &scale, affine);
    [y, total, squares]
}

/// `(x - total / n) scale`, times a weight and plus a bias.
pub(crate) fn apply<E: Float, B: Backend>(
    x: &B::Prim<E>,
    total: &B::Prim<E>,
    n: f64,
    scale: &B::Prim<E>,
    affine: Option<[&B::Prim<E>; 2]>,
) -> B::Prim<E> {
    let dims = B::dims(x);
    let [total, scale] = [total, scale].map(|x| B::expand(x, dims));
    match affine {
        None => B::map(Standardise { n }, [x, &total, &scale]),
        Some(affine) => {
            let [weight, bias] = affine.map(|x| B::expand(x, dims));
            let inputs = [x, &total, &scale, &weight, &bias];
            B::map(StandardiseAffine { n }, inputs)
        }
    }
}

/// See [`Backend::normalise_vjp`].
pub(crate) fn vjp<E: Float, B: Backend>(
    x: &B::Prim<E>,
    [total, squares]: [&B::Prim<E>; 2],
    axes: &[usize],
    eps: f64,
    affine: Option<[&B::Prim<E>; 2]>,
    gy: &B::Prim<E>,
) -> NormaliseGradients<E, B> {
    let dims = B::dims(x).to_vec();
    let n = count(&dims, axes);
    let wide = |x: &B::Prim<E>| B::expand(x, &dims);
    let scale = wide(&B::map(InverseDeviation { n, eps }, [squares]));
    let y = B::map(Standardise { n }, [x, &wide(total), &scale]);
    let mut by_y = B::map(op::Mul, [gy, &y]);
    let mut g = gy.clone();
    let mut affine_gradients = None;
    if let Some([weight, bias]) = affine {
        let sum = |g: &B::Prim<E>, of: &B::Prim<E>| sum_to::<E, B>(g, B::dims(of));
        affine_gradients = Some([sum(&by_y, weight), sum(gy, bias)]);
        let weight = wide(weight);
        by_y = B::map(op::Mul, [&by_y, &weight]);
        g = B::map(op::Mul, [gy, &weight]);
    }
    let sum = wide(&B::reduce(Reduce::Sum, &g, axes));
    let products = wide(&B::reduce(Reduce::Sum, &by_y, axes));
    NormaliseGradients {
        x: B::map(InputGradient { n }, [&y, &g, &scale, &sum, &products]),
        affine: affine_gradients,
    }
}

/// The gradient of `x` from those of the sums that [`Backend::normalise`] gives.
pub(crate) fn moments_vjp<E: Float, B: Backend>(
    x: &B::Prim<E>,
    total: &B::Prim<E>,
    axes: &[usize],
    [g_total, g_squares]: [&B::Prim<E>; 2],
) -> B::Prim<E> {
    let dims = B::dims(x).to_vec();
    let n = count(&dims, axes);
    let [total, g_total, g_squares] = [total, g_total, g_squares].map(|x| B::expand(x, &dims));
    B::map(MomentsGradient { n }, [x, &total, &g_total, &g_squares])
}
