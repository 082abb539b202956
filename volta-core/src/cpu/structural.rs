//! Ops that move elements: copies, concatenation, padding, selection.

use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use crate::dtype::Dtype;
use crate::layout::{Layout, Nest};

const PIECE: usize = 1 << 14;

/// Writes `f(elements of the operands)` for every place, in row-major order.
///
/// # Safety
/// `f` writes as many elements as it is told to, from its last argument on.
unsafe fn zip<E: Dtype, O: Dtype, const K: usize>(
    dims: &[usize],
    layouts: [&Layout; K],
    f: impl Fn([isize; K], [isize; K], usize, *mut O) + Sync,
    _: std::marker::PhantomData<E>,
) -> Buffer<O> {
    let n: usize = dims.iter().product();
    let nest = Nest::new(layouts);
    // SAFETY: the pieces cover all places, and `f` writes its run, as the caller promises.
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

/// Rows that are copied together, at least: neighbours in the storage may be neighbours in a column.
const TOGETHER: usize = 32;

/// The elements in row-major order.
pub(super) fn copy<E: Dtype>(x: &Buffer<E>) -> Buffer<E> {
    let (data, n) = (x.raw(), x.numel());
    let nest = Nest::new([x.layout()]);
    let (inner, [stride]) = (nest.inner, nest.inner_strides);
    let (column, [down]) = nest.column();
    if n == 0 {
        return Buffer::from_slice(&[], x.dims());
    }
    // Blocks of rows of one column.
    let rows = (PIECE / inner).max(TOGETHER).min(column);
    let blocks = column.div_ceil(rows);
    let count = nest.rows() / column * blocks;
    let each = PIECE.div_ceil(rows * inner);
    let copy_block = |block: usize, out: *mut E| {
        let first = block % blocks * rows;
        let row = block / blocks * column + first;
        let start = nest.row(row)[0] as isize;
        let height = rows.min(column - first);
        // SAFETY: the block has `height * inner` places from its first row on; reads are checked.
        unsafe {
            let out = out.add(row * inner);
            if stride == 1 {
                for i in 0..height {
                    let from = &data[(start + i as isize * down) as usize..][..inner];
                    let to = out.add(i * inner);
                    to.copy_from_nonoverlapping(from.as_ptr(), inner);
                }
                return;
            }
            for left in (0..inner).step_by(TOGETHER) {
                let width = TOGETHER.min(inner - left);
                for i in 0..height {
                    let from = start + i as isize * down + left as isize * stride;
                    let to = out.add(i * inner + left);
                    for j in 0..width {
                        to.add(j).write(data[(from + j as isize * stride) as usize]);
                    }
                }
            }
        }
    };
    // SAFETY: the blocks cover all places.
    unsafe {
        Buffer::<E>::write_with(x.dims(), |out| {
            let out = Shared::new(out);
            parallel::each(count.div_ceil(each), Threads::worth(n), |piece| {
                for block in piece * each..count.min((piece + 1) * each) {
                    copy_block(block, out.get());
                }
            });
        })
    }
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
    // SAFETY: `run` writes every place of its run.
    unsafe { zip(x.dims(), [x.layout()], run, std::marker::PhantomData::<E>) }
}

pub(super) fn select<E: Dtype>(mask: &Buffer<bool>, yes: &Buffer<E>, no: &Buffer<E>) -> Buffer<E> {
    let dims = mask.dims();
    assert!(
        yes.dims() == dims && no.dims() == dims,
        "select of {:?} and {:?} by {dims:?}",
        yes.dims(),
        no.dims()
    );
    let (m, y, n) = (mask.raw(), yes.raw(), no.raw());
    let run = |at: [isize; 3], stride: [isize; 3], len: usize, out: *mut E| {
        // SAFETY: the run has `len` places, and the layouts lie within their storages.
        unsafe {
            let m = m.as_ptr().offset(at[0]);
            let (y, n) = (y.as_ptr().offset(at[1]), n.as_ptr().offset(at[2]));
            let pick = |j: isize, [dm, dy, dn]: [isize; 3]| {
                let (yes, no) = (*y.offset(j * dy), *n.offset(j * dn));
                out.offset(j)
                    .write(if *m.offset(j * dm) { yes } else { no });
            };
            // Vector code, where the strides are constants.
            let len = len as isize;
            match stride {
                [1, 1, 1] => (0..len).for_each(|j| pick(j, [1, 1, 1])),
                [1, 1, 0] => (0..len).for_each(|j| pick(j, [1, 1, 0])),
                [1, 0, 1] => (0..len).for_each(|j| pick(j, [1, 0, 1])),
                _ => (0..len).for_each(|j| pick(j, stride)),
            }
        }
    };
    let layouts = [mask.layout(), yes.layout(), no.layout()];
    // SAFETY: `run` writes every place of its run.
    unsafe { zip(dims, layouts, run, std::marker::PhantomData::<E>) }
}

/// Copies `x` into `out`, whose rows along `axis` are `size` long, at `start`.
fn paste<E: Dtype>(x: &Buffer<E>, out: &mut [E], axis: usize, size: usize, start: usize) {
    let dims = x.dims();
    let inner: usize = dims[axis + 1..].iter().product();
    let run = dims[axis] * inner;
    if x.numel() == 0 {
        return;
    }
    let rows = [x.numel() / run, run];
    let (x, layout) = match x.layout().reshape(&rows) {
        Some(layout) if run == 1 || layout.strides()[1] == 1 => (x.clone(), layout),
        _ => (super::widen::contiguous(x), Layout::contiguous(&rows)),
    };
    for (outer, to) in out.chunks_exact_mut(size * inner).enumerate() {
        let from = layout.offset() as isize + outer as isize * layout.strides()[0];
        let at = start * inner;
        to[at..at + run].copy_from_slice(&x.raw()[from as usize..][..run]);
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
