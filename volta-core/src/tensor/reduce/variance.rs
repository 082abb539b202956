//! Variance and standard deviation.

use super::{all_axes, count, divide, filled, is_narrow, mean, remove};
use crate::backend::{Backend, Reduce};
use crate::dtype::{Dtype, Float};
use crate::ops::elementwise as op;
use crate::shape::{HasAxes, HasAxis, Shape};
use crate::tensor::Tensor;

reductions! { [E: Float] [E => E]:
    "The variance of a sample, `sum((x - mean)^2) / (n - 1)` (NaN where n is 1),":
        [var var_axis var_keep var_axes var_axes_keep] ()
        |x, axes| var::<E, B>(x, axes, 1);
    "The variance of a whole population, `sum((x - mean)^2) / n`,":
        [var_population var_population_axis var_population_keep var_population_axes
            var_population_axes_keep] ()
        |x, axes| var::<E, B>(x, axes, 0);
    "The standard deviation of a sample, the root of [`var`](Self::var) (its gradient at 0 is 0),":
        [std std_axis std_keep std_axes std_axes_keep] ()
        |x, axes| std::<E, B>(x, axes, 1);
    "The standard deviation of a whole population, the root of \
        [`var_population`](Self::var_population) (its gradient at 0 is 0),":
        [std_population std_population_axis std_population_keep std_population_axes
            std_population_axes_keep] ()
        |x, axes| std::<E, B>(x, axes, 0);
}

/// In two passes: the mean first, then the squares of what is left.
fn var<E: Float, B: Backend>(x: &B::Prim<E>, axes: &[usize], correction: usize) -> B::Prim<E> {
    if is_narrow::<E>() {
        return B::cast(&var::<f32, B>(&B::cast(x), axes, correction));
    }
    let mean = B::expand(&mean::<E, B>(x, axes), B::dims(x));
    let centred = B::map(op::Sub, [x, &mean]);
    let sum = B::reduce(Reduce::Sum, &B::map(op::Square, [&centred]), axes);
    let n = count::<E, B>(x, axes).saturating_sub(correction);
    divide::<E, B>(&sum, n as f64)
}

fn std<E: Float, B: Backend>(x: &B::Prim<E>, axes: &[usize], correction: usize) -> B::Prim<E> {
    if is_narrow::<E>() {
        return B::cast(&std::<f32, B>(&B::cast(x), axes, correction));
    }
    root::<E, B>(&var::<E, B>(x, axes, correction))
}

/// The square root, with the gradient 0 at 0.
pub(super) fn root<E: Float, B: Backend>(x: &B::Prim<E>) -> B::Prim<E> {
    let zero = filled::<E, B>(x, 0.0);
    let is_zero = B::test(op::Eq, [x, &zero]);
    let root = B::map(op::Sqrt, [&B::select(&is_zero, &filled::<E, B>(x, 1.0), x)]);
    B::select(&is_zero, &zero, &root)
}
