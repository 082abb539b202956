//! Runs a kernel over operands of any strides.

use super::buffer::Buffer;
use super::kernel::{MAX_OPERANDS, Operands, RawKernel};
use super::parallel::{self, Shared, Threads};
use crate::dtype::{Dtype, Num};
use crate::layout::Nest;

/// Elements that one call of a kernel sees when operands have to be gathered first: small enough to
/// stay in the first cache.
const TILE: usize = 512;
/// Elements of one piece of work for a thread.
const PIECE: usize = 1 << 14;
/// The same where operands are gathered, which each piece prepares for.
const STRIDED_PIECE: usize = 1 << 16;

/// Applies `kernel` to `operands`, which have equal sizes. An operand of `None` is not read.
///
/// # Panics
/// If there are more than [`MAX_OPERANDS`], or their sizes differ.
pub(crate) fn run<E: Num>(
    kernel: RawKernel,
    operands: &[Option<&Buffer<E>>],
    dims: &[usize],
) -> Buffer<E> {
    assert!(
        operands.len() <= MAX_OPERANDS,
        "{} operands",
        operands.len()
    );
    for operand in operands.iter().flatten() {
        assert_eq!(operand.dims(), dims, "an elementwise op of unequal sizes");
    }
    let n: usize = dims.iter().product();
    // SAFETY: the pieces cover 0..n and each writes all of its own range; every operand that the
    // kernel reads has n elements.
    unsafe {
        Buffer::<E>::write_with(dims, |out| {
            let out = Shared::new(out);
            let threads = Threads::worth(n * kernel.cost);
            let native = is_native::<E>();
            if native
                && operands
                    .iter()
                    .flatten()
                    .all(|x| x.layout().is_contiguous())
            {
                parallel::each(n.div_ceil(PIECE), threads, |piece| {
                    let start = piece * PIECE;
                    let pointers: Operands<E::Compute> =
                        std::array::from_fn(|k| match operands.get(k) {
                            Some(Some(x)) => x.as_ptr().wrapping_add(start).cast(),
                            _ => std::ptr::null(),
                        });
                    let len = PIECE.min(n - start);
                    kernel.run::<E::Compute>(&pointers, out.get().add(start).cast(), len);
                });
            } else {
                let nest = nest(operands, dims);
                parallel::each(n.div_ceil(STRIDED_PIECE), threads, |piece| {
                    let start = piece * STRIDED_PIECE;
                    let range = start..n.min(start + STRIDED_PIECE);
                    strided(kernel, operands, &nest, out.get(), range);
                });
            }
        })
    }
}

/// Whether elements are stored in the type that computes.
fn is_native<E: Num>() -> bool {
    size_of::<E>() == size_of::<E::Compute>()
}

fn nest<E: Dtype>(operands: &[Option<&Buffer<E>>], dims: &[usize]) -> Nest<MAX_OPERANDS> {
    let unread = crate::layout::Layout::contiguous(dims);
    Nest::new(std::array::from_fn(|k| match operands.get(k) {
        Some(Some(x)) => x.layout(),
        _ => &unread,
    }))
}

/// Fills `range` of the output, tile by tile; a tile never leaves a row.
///
/// # Safety
/// `out` has room for every element of `range`; `nest` is that of the operands.
unsafe fn strided<E: Num>(
    kernel: RawKernel,
    operands: &[Option<&Buffer<E>>],
    nest: &Nest<MAX_OPERANDS>,
    out: *mut E,
    range: std::ops::Range<usize>,
) {
    let native = is_native::<E>();
    let mut tiles = [[E::Compute::default(); TILE]; MAX_OPERANDS];
    let mut result = [E::Compute::default(); TILE];
    let mut at = range.start;
    while at < range.end {
        let (row, column) = (at / nest.inner, at % nest.inner);
        let offsets = nest.row(row);
        let len = TILE.min(nest.inner - column).min(range.end - at);
        let mut pointers = [std::ptr::null::<E::Compute>(); MAX_OPERANDS];
        for (k, operand) in operands.iter().enumerate() {
            let Some(operand) = operand else { continue };
            let stride = nest.inner_strides[k];
            let start = offsets[k] as isize + column as isize * stride;
            let memory = operand.raw().as_ptr();
            // SAFETY: the layout's elements lie in the storage, and `start + j * stride` are
            // offsets of such elements.
            unsafe {
                let first = memory.offset(start);
                if stride == 1 && native {
                    pointers[k] = first.cast();
                    continue;
                }
                let tile = &mut tiles[k][..len];
                if stride == 0 {
                    tile.fill((*first).widen());
                } else {
                    for (j, slot) in tile.iter_mut().enumerate() {
                        *slot = (*first.offset(j as isize * stride)).widen();
                    }
                }
                pointers[k] = tile.as_ptr().cast();
            }
        }
        // SAFETY: every pointer that is read has `len` elements; the output has room from `at` on.
        unsafe {
            if native {
                kernel.run::<E::Compute>(&pointers, out.add(at).cast(), len);
            } else {
                kernel.run(&pointers, result.as_mut_ptr(), len);
                for (j, value) in result[..len].iter().enumerate() {
                    out.add(at + j).write(E::narrow(*value));
                }
            }
        }
        at += len;
    }
}
