//! Picking elements by index, and putting them where an index says.

use super::buffer::Buffer;
use super::parallel::{self, Shared, Threads};
use super::widen::contiguous;
use crate::dtype::{Dtype, Num};

/// Elements that a thread moves at a time, at least.
const PIECE: usize = 1 << 13;

/// Where the elements of an indexed axis lie: in `outer` blocks of `size` rows of `inner` elements,
/// of which the index names `len`. What the index repeats along an axis is looked at once.
struct Indexed {
    /// In row-major order, without the axes along which it repeats.
    index: Buffer<i64>,
    outer: usize,
    size: usize,
    len: usize,
    inner: usize,
    /// Whether each block has indices of its own, and each element of a row.
    by_block: bool,
    by_element: bool,
}

impl Indexed {
    /// # Panics
    /// If an index is not below the size of the axis.
    fn new(op: &str, index: &Buffer<i64>, axis: usize, dims: &[usize]) -> Self {
        let layout = index.layout();
        let repeats = |axes: std::ops::Range<usize>| {
            axes.clone()
                .all(|a| layout.dims()[a] == 1 || layout.strides()[a] == 0)
        };
        let rank = dims.len();
        let (by_block, by_element) = (!repeats(0..axis), !repeats(axis + 1..rank));
        let mut least = *layout;
        if index.numel() > 0 {
            for a in 0..rank {
                if a < axis && !by_block || a > axis && !by_element {
                    least = least.narrow(a, 0, 1);
                }
            }
        }
        let found = Indexed {
            index: contiguous(&index.view(least)),
            outer: index.dims()[..axis].iter().product(),
            size: dims[axis],
            len: index.dims()[axis],
            inner: index.dims()[axis + 1..].iter().product(),
            by_block,
            by_element,
        };
        let is_below = |&i: &i64| usize::try_from(i).is_ok_and(|i| i < found.size);
        if let Some(i) = found.indices().iter().find(|i| !is_below(i)) {
            panic!(
                "{op}: index {i} is out of range for an axis of {}",
                found.size
            );
        }
        found
    }

    fn indices(&self) -> &[i64] {
        self.index.as_slice().expect("contiguous")
    }

    /// Calls `f(place where the index stands, place that it names, length)` for runs of elements of
    /// row `row`, of which there are `outer * len`.
    #[inline(always)]
    fn runs(&self, row: usize, mut f: impl FnMut(usize, usize, usize)) {
        let (block, along) = (row / self.len, row % self.len);
        let first = if self.by_block { row } else { along };
        let (from, to) = (row * self.inner, block * self.size * self.inner);
        if self.by_element {
            let indices = &self.indices()[first * self.inner..][..self.inner];
            for (j, &i) in indices.iter().enumerate() {
                f(from + j, to + i as usize * self.inner + j, 1);
            }
        } else {
            let i = self.indices()[first] as usize;
            f(from, to + i * self.inner, self.inner);
        }
    }

    /// [`runs`](Self::runs) of rows of one element, in blocks that have the same indices.
    #[inline(always)]
    fn each_along(&self, rows: std::ops::Range<usize>, mut f: impl FnMut(usize, usize)) {
        let mut row = rows.start;
        while row < rows.end {
            let (block, along) = (row / self.len, row % self.len);
            let indices = &self.indices()[along..self.len.min(along + rows.end - row)];
            for (j, &i) in indices.iter().enumerate() {
                f(row + j, block * self.size + i as usize);
            }
            row += indices.len();
        }
    }

    fn rows(&self) -> usize {
        match self.inner {
            0 => 0,
            _ => self.outer * self.len,
        }
    }
}

/// `y[.., i, ..] = x[.., index[.., i, ..], ..]` along `axis`.
pub(super) fn gather<E: Dtype>(x: &Buffer<E>, axis: usize, index: &Buffer<i64>) -> Buffer<E> {
    let at = Indexed::new("gather", index, axis, x.dims());
    let x = contiguous(x);
    let data = x.as_slice().expect("contiguous");
    let each = PIECE.div_ceil(at.inner.max(1));
    // SAFETY: the rows make up the index, and each writes its own elements.
    unsafe {
        Buffer::<E>::write_with(index.dims(), |out| {
            let out = Shared::new(out);
            let threads = Threads::worth(index.numel());
            parallel::each(at.rows().div_ceil(each), threads, |piece| {
                let rows = piece * each..at.rows().min((piece + 1) * each);
                if at.inner == 1 && !at.by_block {
                    return at.each_along(rows, |to, from| out.get().add(to).write(data[from]));
                }
                for row in rows {
                    at.runs(row, |to, from, len| {
                        let from = &data[from..from + len];
                        out.get()
                            .add(to)
                            .copy_from_nonoverlapping(from.as_ptr(), len);
                    });
                }
            });
        })
    }
}

/// Zeros of sizes `dims`, and `source` added where [`gather`] would read it.
pub(super) fn scatter_add<E: Num>(
    dims: &[usize],
    axis: usize,
    index: &Buffer<i64>,
    source: &Buffer<E>,
) -> Buffer<E> {
    let at = Indexed::new("scatter_add", index, axis, dims);
    let source = contiguous(source);
    let data = source.as_slice().expect("contiguous");
    Buffer::<E>::accumulate(dims, |out| {
        for row in 0..at.rows() {
            at.runs(row, |from, to, len| {
                for (to, from) in out[to..to + len].iter_mut().zip(&data[from..from + len]) {
                    *to = E::narrow(to.widen() + from.widen());
                }
            });
        }
    })
}

/// `x`, with `source` where [`gather`] would read it: the last of those with one place.
pub(super) fn scatter<E: Dtype>(
    x: &Buffer<E>,
    axis: usize,
    index: &Buffer<i64>,
    source: &Buffer<E>,
) -> Buffer<E> {
    let at = Indexed::new("scatter", index, axis, x.dims());
    let source = contiguous(source);
    let data = source.as_slice().expect("contiguous");
    let mut y = x.clone();
    let out = y.make_mut();
    for row in 0..at.rows() {
        at.runs(row, |from, to, len| {
            out[to..to + len].copy_from_slice(&data[from..from + len])
        });
    }
    y
}
