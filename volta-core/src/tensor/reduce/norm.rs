//! Norms, and the logarithm of a sum of exponentials.

use super::variance::root;
use super::{all_axes, filled, is_narrow, remove};
use crate::backend::{Backend, Reduce};
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise as op;
use crate::shape::{HasAxes, HasAxis, Shape};
use crate::tensor::Tensor;

reductions! { [E: Float] [E => E]:
    "The `p`-norm, `sum(|x|^p)^(1/p)`; for infinity the greatest `|x|`, for -infinity the \
        smallest, for 0 the number of elements other than 0 (the gradient at 0 is 0),":
        [norm norm_axis norm_keep norm_axes norm_axes_keep] (p: f64)
        |x, axes| norm::<E, B>(x, axes, p);
    "`ln(sum(exp(x)))`, without overflow,":
        [logsumexp logsumexp_axis logsumexp_keep logsumexp_axes logsumexp_axes_keep] ()
        |x, axes| logsumexp::<E, B>(x, axes);
}

fn norm<E: Float, B: Backend>(x: &B::Prim<E>, axes: &[usize], p: f64) -> B::Prim<E> {
    if is_narrow::<E>() {
        return B::cast(&norm::<f32, B>(&B::cast(x), axes, p));
    }
    let sum = |x: &B::Prim<E>| B::reduce(Reduce::Sum, x, axes);
    let abs = || B::map(op::Abs, [x]);
    if p == 0.0 {
        let counts = B::test(op::Ne, [x, &filled::<E, B>(x, 0.0)]);
        sum(&B::cast(&counts))
    } else if p == 1.0 {
        sum(&abs())
    } else if p == 2.0 {
        root::<E, B>(&sum(&B::map(op::Square, [x])))
    } else if p == f64::INFINITY {
        B::reduce(Reduce::Max, &abs(), axes)
    } else if p == f64::NEG_INFINITY {
        B::reduce(Reduce::Min, &abs(), axes)
    } else {
        power::<E, B>(&sum(&power::<E, B>(&abs(), p)), 1.0 / p)
    }
}

/// `x^p` of what is not negative, with the gradient 0 at 0.
fn power<E: Float, B: Backend>(x: &B::Prim<E>, p: f64) -> B::Prim<E> {
    let is_zero = B::test(op::Eq, [x, &filled::<E, B>(x, 0.0)]);
    let above = B::select(&is_zero, &filled::<E, B>(x, 1.0), x);
    let power = B::map(op::Pow, [&above, &filled::<E, B>(x, p)]);
    let at_zero = filled::<E, B>(x, 0.0_f64.powf(p));
    B::select(&is_zero, &at_zero, &power)
}

fn logsumexp<E: Float, B: Backend>(x: &B::Prim<E>, axes: &[usize]) -> B::Prim<E> {
    if is_narrow::<E>() {
        return B::cast(&logsumexp::<f32, B>(&B::cast(x), axes));
    }
    // An infinite maximum is not subtracted: the difference would be NaN.
    let max = B::reduce(Reduce::Max, x, axes);
    let is_infinite = B::test(op::IsInf, [&max]);
    let max = B::select(&is_infinite, &filled::<E, B>(&max, 0.0), &max);
    let centred = B::map(op::Sub, [x, &B::expand(&max, B::dims(x))]);
    let sum = B::reduce(Reduce::Sum, &B::map(op::Exp, [&centred]), axes);
    B::map(op::Add, [&B::map(op::Ln, [&sum]), &max])
}
