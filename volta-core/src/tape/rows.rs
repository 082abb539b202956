//! Parts of derivatives along an axis, as ops of any backend.

use crate::backend::{Backend, Reduce};
use crate::dtype::Num;
use crate::ops::elementwise as op;

/// [`Backend::scan`] by products, from products of 2, 4, 8, .. neighbours: without a division, so
/// that zeros are elements like others, for higher derivatives too.
pub(super) fn running_product<E: Num, B: Backend>(x: &B::Prim<E>, axis: usize) -> B::Prim<E> {
    let size = B::dims(x)[axis];
    let mut y = x.clone();
    let mut reach = 1;
    while reach < size {
        let mut dims = B::dims(x).to_vec();
        dims[axis] = reach;
        let ones = B::full(&B::device(x), E::ONE, &dims);
        let before = B::cat(&[&ones, &B::narrow(&y, axis, 0, size - reach)], axis);
        y = B::map(op::Mul, [&before, &y]);
        reach *= 2;
    }
    y
}

/// The places along `axis`, for each element.
fn places<B: Backend>(device: &B::Device, dims: &[usize], axis: usize) -> B::Prim<i64> {
    let mut along = vec![1; dims.len()];
    along[axis] = dims[axis];
    B::expand(
        &B::from_vec(device, (0..dims[axis] as i64).collect(), &along),
        dims,
    )
}

/// Where the running extreme `y` of `x` came from: of equal elements, and of NaN, the last.
pub(crate) fn scan_places<E: Num, B: Backend>(
    x: &B::Prim<E>,
    y: &B::Prim<E>,
    axis: usize,
) -> B::Prim<i64> {
    let wins = B::test(
        op::LogicalOr,
        [&B::test(op::Eq, [x, y]), &B::test(op::Ne, [x, x])],
    );
    let places = places::<B>(&B::device(x), B::dims(x), axis);
    let here = B::select(&wins, &places, &B::full(&B::device(x), 0, B::dims(x)));
    B::scan(Reduce::Max, &here, axis)
}

/// Which elements of a source stay where [`Backend::scatter`] puts them, in a tensor of sizes `dims`.
pub(super) fn last_in_place<B: Backend>(
    dims: &[usize],
    axis: usize,
    index: &B::Prim<i64>,
) -> B::Prim<bool> {
    let device = B::device(index);
    let places = places::<B>(&device, B::dims(index), axis);
    let last = B::scatter(&B::full(&device, 0, dims), axis, index, &places);
    B::test(op::Eq, [&B::gather(&last, axis, index), &places])
}
