//! Gather and scatter by one list for all rows: an index that was expanded along the other axes.

use super::buffer::Buffer;
use super::widen::contiguous;
use crate::dtype::{Dtype, Num};

/// Entries of an axis of `size`, if `index` is the same list of them at every place of the other
/// axes.
///
/// # Panics
/// If one is not below `size`.
fn list(index: &Buffer<i64>, axis: usize, size: usize) -> Option<Vec<usize>> {
    let layout = index.layout();
    let mut axes = layout.dims().iter().zip(layout.strides()).enumerate();
    let alike = axes.all(|(i, (&len, &stride))| i == axis || len == 1 || stride == 0);
    if !alike || layout.numel() == 0 {
        return None;
    }
    let data = index.raw();
    let entry = |j: usize| {
        let i = data[(layout.offset() as isize + j as isize * layout.strides()[axis]) as usize];
        let entry = usize::try_from(i).ok().filter(|&i| i < size);
        entry.unwrap_or_else(|| panic!("index {i} is out of range for an axis of {size}"))
    };
    Some((0..layout.dims()[axis]).map(entry).collect())
}

/// [`gather`](super::structural::gather) by a list.
pub(super) fn gather<E: Dtype>(
    x: &Buffer<E>,
    axis: usize,
    index: &Buffer<i64>,
) -> Option<Buffer<E>> {
    let size = x.dims()[axis];
    let list = list(index, axis, size)?;
    let x = contiguous(x);
    let inner: usize = x.dims()[axis + 1..].iter().product();
    let mut out = Vec::with_capacity(index.numel());
    for block in x.as_slice().expect("contiguous").chunks_exact(size * inner) {
        match inner {
            1 => out.extend(list.iter().map(|&i| block[i])),
            _ => (list.iter()).for_each(|i| out.extend_from_slice(&block[i * inner..][..inner])),
        }
    }
    Some(Buffer::from_slice(&out, index.dims()))
}

/// [`scatter_add`](super::structural::scatter_add) by a list.
pub(super) fn scatter_add<E: Num>(
    dims: &[usize],
    axis: usize,
    index: &Buffer<i64>,
    source: &Buffer<E>,
) -> Option<Buffer<E>> {
    let list = list(index, axis, dims[axis])?;
    let source = contiguous(source);
    let inner: usize = dims[axis + 1..].iter().product();
    let blocks = (source.as_slice().expect("contiguous")).chunks_exact(list.len() * inner);
    Some(Buffer::<E>::accumulate(dims, |out| {
        for (out, from) in out.chunks_exact_mut(dims[axis] * inner).zip(blocks) {
            for (i, from) in list.iter().zip(from.chunks_exact(inner)) {
                for (out, x) in out[i * inner..].iter_mut().zip(from) {
                    *out = E::narrow(out.widen() + x.widen());
                }
            }
        }
    }))
}
