//! Batched matrix multiplication of any strides.

use super::buffer::Buffer;
use super::gemm::{Gemm, Matrix, Start};
use super::parallel::{self, Shared, Threads};
use super::widen::{Wide, narrow_into};
use crate::dtype::Num;
use crate::layout::{Layout, Nest};
use crate::sizes;

/// Multiply-adds that take about as long as an addition of neighbours in memory.
const PER_ADDITION: usize = 32;

/// `a x b + bias`, with equal leading sizes; the bias, if there is one, is added to every row.
pub(super) fn matmul<E: Num<Compute: Gemm>>(
    a: &Buffer<E>,
    b: &Buffer<E>,
    bias: Option<&Buffer<E>>,
) -> Buffer<E> {
    let dims = sizes::product(a.dims(), b.dims());
    let rank = dims.len();
    let (m, k, n) = (dims[rank - 2], a.dims()[rank - 1], dims[rank - 1]);
    let (a, b) = (Wide::of(a), Wide::of(b));
    let bias = bias.map(Wide::contiguous);
    let start = match &bias {
        Some(bias) => {
            assert_eq!(
                bias.layout().dims(),
                [n],
                "the bias of a product of {dims:?}"
            );
            Start::Row(bias.as_slice().as_ptr())
        }
        None => Start::Zero,
    };
    let matrix = |x: &Wide<E>, at: usize| {
        let strides = x.layout().strides();
        Matrix {
            start: x.raw().wrapping_add(at),
            row: strides[rank - 2],
            column: strides[rank - 1],
        }
    };
    let batches: usize = dims[..rank - 2].iter().product();
    let threads = Threads::worth(batches * m * n * k / PER_ADDITION);
    let write = |out: *mut E::Compute| {
        let dst =
            |batch: usize, out: *mut E::Compute| (out.wrapping_add(batch * m * n), n as isize, 1);
        if batches == 1 {
            // The only product is cut itself.
            let [lhs, rhs] = [&a, &b].map(|x| matrix(x, x.layout().offset()));
            // SAFETY: the sizes fit, and layouts stay inside their storage.
            unsafe { E::Compute::product([m, n, k], dst(0, out), start, lhs, rhs, threads) };
            return;
        }
        let batch_of = |x: &Wide<E>| -> Layout { x.layout().first(rank - 2) };
        let nest = Nest::new([&batch_of(&a), &batch_of(&b)]);
        let out = Shared::new(out);
        parallel::each(batches, threads, |batch| {
            let (row, column) = (batch / nest.inner, batch % nest.inner);
            let rows = nest.row(row);
            let at =
                |x: usize| (rows[x] as isize + column as isize * nest.inner_strides[x]) as usize;
            let (lhs, rhs) = (matrix(&a, at(0)), matrix(&b, at(1)));
            let dst = dst(batch, out.get());
            // SAFETY: as above; each batch writes its own m * n elements.
            unsafe { E::Compute::product([m, n, k], dst, start, lhs, rhs, Threads::One) };
        });
    };
    // SAFETY: the products of all batches are the output; one over no elements is written as 0.
    unsafe { narrow_into::<E>(&dims, write) }
}
