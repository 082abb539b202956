//! Ops that move elements: copies, concatenation, padding, selection, gather, scatter.

use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use crate::dtype::{Dtype, Num};
use crate::layout::{Layout, Nest};

const PIECE: usize = 1 << 14;

/// Writes `f(elements of the operands)` for every place, in row-major order.
fn zip<E: Dtype, O: Dtype, const K: usize>(
    dims: &[usize],
    layouts: [&Layout; K],
    f: impl Fn([isize; K], [isize; K], usize, *mut O) + Sync,
    _: std::marker::PhantomData<E>,
) -> Buffer<O> {
    let n: usize = dims.iter().product();
    let nest = Nest::new(layouts);
    // SAFETY: the pieces cover all places, and `f` writes its run.
    unsafe {
        Buffer::<O>::write_with(dims, |out| {
            let out = Shared::new(out);
            parallel::each(n.div_ceil(PIECE), Threads::worth(n), |piece| {
                let (mut at, end) = (piece * PIECE, n.min((piece + 1) * PIECE));
                while at < end {
                    let (row, column) = (at / nest.inner, at % nest.inner);
                    let len = (nest.inner - column).min(end - at);
                    let offsets = nest.row(row);
                    let starts = std::array::from_fn(|k| {
                        offsets[k] as isize + column as isize * nest.inner_strides[k]
                    });
                    f(starts, nest.inner_strides, len, out.get().add(at));
                    at += len;
                }
            });
        })
    }
}

/// The elements in row-major order.
pub(super) fn copy<E: Dtype>(x: &Buffer<E>) -> Buffer<E> {
    let data = x.raw();
    let run = |[start]: [isize; 1], [stride]: [isize; 1], len: usize, out: *mut E| {
        for j in 0..len {
            // SAFETY: the run has `len` places; the index is checked.
            unsafe {
                out.add(j)
                    .write(data[(start + j as isize * stride) as usize])
            };
        }
    };
    zip(x.dims(), [x.layout()], run, std::marker::PhantomData::<E>)
}

pub(super) fn cast<E: Dtype, F: Dtype>(x: &Buffer<E>) -> Buffer<F> {
    let data = x.raw();
    let run = |[start]: [isize; 1], [stride]: [isize; 1], len: usize, out: *mut F| {
        for j in 0..len {
            let value = data[(start + j as isize * stride) as usize];
            // SAFETY: the run has `len` places.
            unsafe { out.add(j).write(crate::dtype::CastFrom::cast_from(value)) };
        }
    };
    zip(x.dims(), [x.layout()], run, std::marker::PhantomData::<E>)
}

pub(super) fn select<E: Dtype>(mask: &Buffer<bool>, yes: &Buffer<E>, no: &Buffer<E>) -> Buffer<E> {
    let (m, y, n) = (mask.raw(), yes.raw(), no.raw());
    let run = |at: [isize; 3], stride: [isize; 3], len: usize, out: *mut E| {
        for j in 0..len as isize {
            let place = |k: usize| (at[k] + j * stride[k]) as usize;
            let value = if m[place(0)] {
                y[place(1)]
            } else {
                n[place(2)]
            };
            // SAFETY: the run has `len` places.
            unsafe { out.offset(j).write(value) };
        }
    };
    let layouts = [mask.layout(), yes.layout(), no.layout()];
    zip(mask.dims(), layouts, run, std::marker::PhantomData::<E>)
}

/// Copies `x` into `out`, whose rows along `axis` are `size` long, at `start`.
fn paste<E: Dtype>(x: &Buffer<E>, out: &mut [E], axis: usize, size: usize, start: usize) {
    let x = super::widen::contiguous(x);
    let dims = x.dims();
    let inner: usize = dims[axis + 1..].iter().product();
    let run = dims[axis] * inner;
    let data = x.as_slice().expect("contiguous");
    if run == 0 {
        return;
    }
    for (outer, from) in data.chunks_exact(run).enumerate() {
        let at = outer * size * inner + start * inner;
        out[at..at + run].copy_from_slice(from);
    }
}

pub(super) fn cat<E: Dtype>(parts: &[&Buffer<E>], axis: usize) -> Buffer<E> {
    let mut dims = parts[0].dims().to_vec();
    dims[axis] = parts.iter().map(|p| p.dims()[axis]).sum();
    let size = dims[axis];
    Buffer::accumulate(&dims, |out| {
        let mut start = 0;
        for part in parts {
            paste(part, out, axis, size, start);
            start += part.dims()[axis];
        }
    })
}

pub(super) fn pad<E: Dtype>(x: &Buffer<E>, axis: usize, before: usize, after: usize) -> Buffer<E> {
    let mut dims = x.dims().to_vec();
    dims[axis] += before + after;
    let size = dims[axis];
    Buffer::accumulate(&dims, |out| paste(x, out, axis, size, before))
}

/// Calls `f(place in the index, place in the tensor gathered from)`.
fn indexed(index: &Buffer<i64>, axis: usize, dims: &[usize], mut f: impl FnMut(usize, usize)) {
    let index = super::widen::contiguous(index);
    let indices = index.as_slice().expect("contiguous");
    let inner: usize = dims[axis + 1..].iter().product();
    let (from, to) = (dims[axis], index.dims()[axis]);
    for (place, &i) in indices.iter().enumerate() {
        let (outer, rest) = (place / (to * inner), place % inner);
        assert!(
            usize::try_from(i).is_ok_and(|i| i < from),
            "index {i} is out of range for an axis of {from}"
        );
        f(place, (outer * from + i as usize) * inner + rest);
    }
}

pub(super) fn gather<E: Dtype>(x: &Buffer<E>, axis: usize, index: &Buffer<i64>) -> Buffer<E> {
    if let Some(y) = super::select::gather(x, axis, index) {
        return y;
    }
    let x = super::widen::contiguous(x);
    let data = x.as_slice().expect("contiguous");
    let mut out = Vec::with_capacity(index.numel());
    indexed(index, axis, x.dims(), |_, from| out.push(data[from]));
    Buffer::from_slice(&out, index.dims())
}

pub(super) fn scatter_add<E: Num>(
    dims: &[usize],
    axis: usize,
    index: &Buffer<i64>,
    source: &Buffer<E>,
) -> Buffer<E> {
    if let Some(y) = super::select::scatter_add(dims, axis, index, source) {
        return y;
    }
    let source = super::widen::contiguous(source);
    let data = source.as_slice().expect("contiguous");
    Buffer::<E>::accumulate(dims, |out| {
        indexed(index, axis, dims, |place, to| {
            out[to] = E::narrow(out[to].widen() + data[place].widen());
        });
    })
}
