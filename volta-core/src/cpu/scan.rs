//! Running sums, products and extremes. A long row is taken in runs, each from its own start, so that
//! its error grows with the length of a run and their number.

use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use super::reduce::{Fold, Max, Min, Prod, Run, Sum};
use super::widen::contiguous;
use crate::backend::Reduce;
use crate::dtype::{Dtype, Num};

/// Elements of a row that are folded before they meet those of the runs before.
const RUN: usize = 128;
/// Neighbouring rows that are taken together when the axis is not the last.
const COLUMNS: usize = 256;
/// Elements that a thread takes, at least.
const PIECE: usize = 1 << 13;

/// What the elements up to each place along `axis` reduce to.
pub(super) fn scan<E: Num<Compute: Run>>(by: Reduce, x: &Buffer<E>, axis: usize) -> Buffer<E> {
    match by {
        Reduce::Sum => run::<E, Sum>(x, axis),
        Reduce::Prod => run::<E, Prod>(x, axis),
        Reduce::Max => run::<E, Max>(x, axis),
        Reduce::Min => run::<E, Min>(x, axis),
    }
}

fn run<E: Num<Compute: Run>, F: Fold<E>>(x: &Buffer<E>, axis: usize) -> Buffer<E> {
    if x.numel() == 0 {
        return x.clone();
    }
    let x = contiguous(x);
    let dims = x.dims();
    let (size, inner): (usize, usize) = (dims[axis], dims[axis + 1..].iter().product());
    let outer = x.numel() / (size * inner);
    let data = x.as_slice().expect("contiguous");
    let threads = Threads::worth(x.numel());
    // SAFETY: the rows make up the tensor, and each is written whole by its own piece.
    unsafe {
        Buffer::<E>::write_with(dims, |out| {
            let out = Shared::new(out);
            if inner == 1 {
                let each = PIECE.div_ceil(size);
                parallel::each(outer.div_ceil(each), threads, |piece| {
                    for at in piece * each..outer.min((piece + 1) * each) {
                        row::<E, F>(&data[at * size..][..size], out.get().add(at * size));
                    }
                });
                return;
            }
            let blocks = inner.div_ceil(COLUMNS);
            parallel::each(outer * blocks, threads, |piece| {
                let first = piece % blocks * COLUMNS;
                let start = piece / blocks * size * inner + first;
                let width = COLUMNS.min(inner - first);
                columns::<E, F>(&data[start..], out.get().add(start), [size, inner, width]);
            });
        })
    }
}

/// # Safety
/// There is room for as many elements as `x` has.
unsafe fn row<E: Num<Compute: Run>, F: Fold<E>>(x: &[E], out: *mut E) {
    let mut before: Option<<E as Dtype>::Compute> = None;
    for (run, x) in x.chunks(RUN).enumerate() {
        let mut sum = x[0].widen();
        for (j, x) in x.iter().enumerate() {
            if j > 0 {
                sum = F::fold(sum, x.widen());
            }
            let total = before.map_or(sum, |before| F::fold(before, sum));
            // SAFETY: the caller's promise.
            unsafe { out.add(run * RUN + j).write(E::narrow(total)) };
        }
        before = Some(before.map_or(sum, |before| F::fold(before, sum)));
    }
}

/// Scans `width` neighbouring rows of `size` elements that are `inner` apart.
///
/// # Safety
/// There is room for all of them.
unsafe fn columns<E: Num<Compute: Run>, F: Fold<E>>(
    x: &[E],
    out: *mut E,
    [size, inner, width]: [usize; 3],
) {
    let mut sums = [E::ZERO.widen(); COLUMNS];
    let mut before = [E::ZERO.widen(); COLUMNS];
    for i in 0..size {
        let x = &x[i * inner..][..width];
        if i % RUN == 0 {
            for j in 0..width {
                if i > RUN {
                    before[j] = F::fold(before[j], sums[j]);
                } else {
                    before[j] = sums[j];
                }
                sums[j] = x[j].widen();
            }
        } else {
            for (sum, x) in sums.iter_mut().zip(x) {
                *sum = F::fold(*sum, x.widen());
            }
        }
        for j in 0..width {
            let total = match i < RUN {
                true => sums[j],
                false => F::fold(before[j], sums[j]),
            };
            // SAFETY: the caller's promise.
            unsafe { out.add(i * inner + j).write(E::narrow(total)) };
        }
    }
}
