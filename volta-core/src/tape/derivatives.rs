//! Derivatives of ops, as ops of any backend.

use crate::backend::{Backend, Reduce};
use crate::dtype::{Dtype, Num};
use crate::ops::elementwise as op;
use crate::shape::runtime::Dims;

pub(super) fn zeros_like<E: Dtype, B: Backend>(x: &B::Prim<E>) -> B::Prim<E> {
    B::full(&B::device(x), E::ZERO, B::dims(x))
}

/// Sums a gradient over the axes along which an input was repeated.
pub(crate) fn sum_to<E: Num, B: Backend>(gradient: &B::Prim<E>, dims: &[usize]) -> B::Prim<E> {
    let from = B::dims(gradient);
    let added = from.len() - dims.len();
    let axes: Dims = (0..from.len())
        .filter(|&a| a < added || dims[a - added] == 1 && from[a] != 1)
        .collect();
    if axes.is_empty() {
        return B::reshape(gradient, dims);
    }
    B::reshape(&B::reduce(Reduce::Sum, gradient, &axes), dims)
}

/// The gradient of a product: the product of all other elements, without a division, so that zeros
/// are elements like others, for higher derivatives too.
pub(super) fn prod_grad<E: Num, B: Backend>(
    x: &B::Prim<E>,
    gy: &B::Prim<E>,
    axes: &[usize],
) -> B::Prim<E> {
    let dims = B::dims(x).to_vec();
    let (reduced, kept): (Vec<usize>, Vec<usize>) = (0..dims.len()).partition(|a| axes.contains(a));
    let order = [kept, reduced].concat();
    let mut inverse = vec![0; order.len()];
    for (to, &from) in order.iter().enumerate() {
        inverse[from] = to;
    }
    let rows = B::permute(x, &order);
    let permuted = B::dims(&rows).to_vec();
    let n: usize = axes.iter().map(|&a| dims[a]).product();
    let outer = permuted[..order.len() - axes.len()].iter().product();
    let others = others::<E, B>(&B::reshape(&rows, &[outer, n]));
    let others = B::permute(&B::reshape(&others, &permuted), &inverse);
    B::map(op::Mul, [&B::expand(gy, &dims), &others])
}

/// The product of all other elements of each row: of the two halves multiplied together, and of
/// the other half.
fn others<E: Num, B: Backend>(x: &B::Prim<E>) -> B::Prim<E> {
    let [rows, n] = *B::dims(x) else {
        unreachable!("rows of elements")
    };
    let ones = |len| B::full(&B::device(x), E::ONE, &[rows, len]);
    if n < 2 {
        return ones(n);
    }
    let half = n.div_ceil(2);
    let left = B::narrow(x, 1, 0, half);
    let mut right = B::narrow(x, 1, half, n - half);
    if n % 2 == 1 {
        right = B::cat(&[&right, &ones(1)], 1);
    }
    let beyond = others::<E, B>(&B::map(op::Mul, [&left, &right]));
    let left_others = B::map(op::Mul, [&beyond, &right]);
    let right_others = B::map(op::Mul, [&beyond, &left]);
    B::narrow(&B::cat(&[&left_others, &right_others], 1), 1, 0, n)
}

/// The gradient of the extreme: shared evenly by the elements that equal it, or are NaN with it.
pub(super) fn extreme_grad<E: Num, B: Backend>(
    x: &B::Prim<E>,
    y: &B::Prim<E>,
    gy: &B::Prim<E>,
    axes: &[usize],
) -> B::Prim<E> {
    let dims = B::dims(x).to_vec();
    let equal = B::test(op::Eq, [x, &B::expand(y, &dims)]);
    let wins = B::test(op::LogicalOr, [&equal, &B::test(op::Ne, [x, x])]);
    let winners = B::reduce(Reduce::Sum, &B::cast::<bool, E>(&wins), axes);
    let share = B::expand(&B::map(op::Div, [gy, &winners]), &dims);
    B::select(&wins, &share, &zeros_like::<E, B>(x))
}

/// Zeros along `axis` up to `size` positions, or the first `size` of them.
fn fit<E: Dtype, B: Backend>(x: &B::Prim<E>, axis: usize, size: usize) -> B::Prim<E> {
    let have = B::dims(x)[axis];
    if size < have {
        B::narrow(x, axis, 0, size)
    } else {
        B::pad(x, axis, 0, size - have)
    }
}

/// The elements along `axis`, `step` apart among zeros, `size` in all.
pub(super) fn spread<E: Dtype, B: Backend>(
    x: &B::Prim<E>,
    axis: usize,
    step: usize,
    size: usize,
) -> B::Prim<E> {
    let mut dims = B::dims(x).to_vec();
    dims.insert(axis + 1, 1);
    blocks::<E, B>(&B::reshape(x, &dims), axis, step, size)
}

/// The blocks of axis `axis + 1`, one for each position of `axis`, at every `step`-th of `size`
/// positions.
fn blocks<E: Dtype, B: Backend>(
    x: &B::Prim<E>,
    axis: usize,
    step: usize,
    size: usize,
) -> B::Prim<E> {
    let apart = fit::<E, B>(x, axis + 1, step);
    let mut dims = B::dims(&apart).to_vec();
    dims.remove(axis + 1);
    dims[axis] *= step;
    fit::<E, B>(&B::reshape(&apart, &dims), axis, size)
}

/// Sums windows, `step` apart and shown by the last axis, into the `len` positions that they show.
pub(super) fn fold<E: Num, B: Backend>(
    x: &B::Prim<E>,
    axis: usize,
    step: usize,
    len: usize,
) -> B::Prim<E> {
    let last = B::dims(x).len() - 1;
    let size = B::dims(x)[last];
    let mut order: Vec<usize> = (0..last).collect();
    order.insert(axis + 1, last);
    let windows = B::permute(x, &order);
    // As long as the step, parts of two windows do not overlap.
    let part = |start: usize| {
        let part = B::narrow(&windows, axis + 1, start, step.min(size - start));
        let places = blocks::<E, B>(&part, axis, step, len.saturating_sub(start));
        B::pad(&places, axis, len - B::dims(&places)[axis], 0)
    };
    if size == 0 {
        return part(0);
    }
    (0..size)
        .step_by(step)
        .map(part)
        .reduce(|sum, part| B::map(op::Add, [&sum, &part]))
        .expect("a part at least")
}

/// The convolution of an input whose last rows and columns no window reaches has the sizes of
/// `dims`, or one window more where a transposed convolution left out the last.
pub(super) fn crop<E: Dtype, B: Backend>(y: &B::Prim<E>, dims: &[usize]) -> B::Prim<E> {
    let y = B::narrow(y, 2, 0, dims[2]);
    B::narrow(&y, 3, 0, dims[3])
}
