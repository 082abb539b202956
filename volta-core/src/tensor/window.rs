//! The entries of windows as slices.

use crate::backend::{Backend, Reduce};
use crate::dtype::{Dtype, Num};
use crate::ops::elementwise as op;
use crate::shape::runtime;

/// The entries of the windows along `axis`, which has to hold one: for each entry of a window,
/// what it is at every place. An axis of size 1 comes after `axis`; the padding is zeros.
pub(super) fn slices<E: Dtype, B: Backend>(
    x: &B::Prim<E>,
    axis: usize,
    [k, stride, pad, dilation]: [usize; 4],
) -> Vec<B::Prim<E>> {
    let dims = B::dims(x);
    let size = dims[axis];
    let places = runtime::window(size, k, stride, pad, dilation).expect("the window fits");
    // Rows of `stride` entries: an entry of a window is in one column, at consecutive rows.
    let rows = (k - 1) * dilation / stride + places;
    let x = resized::<E, B>(x, axis, pad, rows * stride);
    let split = [&dims[..axis], &[rows, stride], &dims[axis + 1..]].concat();
    let x = B::reshape(&x, &split);
    let entry = |i: usize| {
        let (row, column) = (i * dilation / stride, i * dilation % stride);
        let x = B::narrow(&x, axis, row, places);
        B::narrow(&x, axis + 1, column, 1)
    };
    (0..k).map(entry).collect()
}

/// `x` between `before` zeros and as many more as make `len` along `axis`; what is beyond goes.
fn resized<E: Dtype, B: Backend>(
    x: &B::Prim<E>,
    axis: usize,
    before: usize,
    len: usize,
) -> B::Prim<E> {
    let kept = B::dims(x)[axis].min(len.saturating_sub(before));
    let x = match B::dims(x)[axis] == kept {
        true => x.clone(),
        false => B::narrow(x, axis, 0, kept),
    };
    match len - before - kept {
        0 if before == 0 => x,
        after => B::pad(&x, axis, before, after),
    }
}

/// `x` without `axis`, of size 1.
pub(super) fn without_ones<E: Dtype, B: Backend>(x: &B::Prim<E>, axis: usize) -> B::Prim<E> {
    let dims = B::dims(x);
    B::reshape(x, &[&dims[..axis], &dims[axis + 1..]].concat())
}

/// As many entries as are added one by one along an inner axis.
const FEW: usize = 16;

/// The sums of the windows along `axis`, zeros in the padding.
pub(super) fn sums<E: Num, B: Backend>(
    x: &B::Prim<E>,
    axis: usize,
    window: [usize; 4],
) -> B::Prim<E> {
    let [k, stride, pad, dilation] = window;
    let dims = B::dims(x).to_vec();
    if window == [1, 1, 0, 1] {
        return x.clone();
    }
    let inner = axis + 1 == dims.len();
    let sum = if k == stride && pad == 0 && dilation == 1 && !(inner && k < FEW) {
        let places = dims[axis] / k;
        let x = resized::<E, B>(x, axis, 0, places * k);
        let split = [&dims[..axis], &[places, k], &dims[axis + 1..]].concat();
        B::reduce(Reduce::Sum, &B::reshape(&x, &split), &[axis + 1])
    } else {
        let mut entries = slices::<E, B>(x, axis, window).into_iter();
        let first = entries.next().expect("a window has an entry");
        entries.fold(first, |sum, x| B::map(op::Add, [&sum, &x]))
    };
    without_ones::<E, B>(&sum, axis + 1)
}
