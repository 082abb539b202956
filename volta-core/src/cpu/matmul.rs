//! Batched matrix multiplication of any strides.

use super::buffer::Buffer;
use super::gemm::{Gemm, Matrix};
use super::parallel::{self, Shared, Threads};
use super::widen::{Wide, narrow_into};
use crate::dtype::Num;
use crate::layout::Nest;
use crate::sizes;

pub(super) fn matmul<E: Num<Compute: Gemm>>(a: &Buffer<E>, b: &Buffer<E>) -> Buffer<E> {
    let dims = sizes::product(a.dims(), b.dims());
    let rank = dims.len();
    let (m, k, n) = (dims[rank - 2], a.dims()[rank - 1], dims[rank - 1]);
    let (a, b) = (Wide::of(a), Wide::of(b));
    let axes: Vec<usize> = (0..rank - 2).collect();
    let batch_a = a.layout().select(&axes, a.layout().offset());
    let batch_b = b.layout().select(&axes, b.layout().offset());
    let nest = Nest::new([&batch_a, &batch_b]);
    let batches: usize = dims[..rank - 2].iter().product();
    let stride = |x: &Wide<E>, axis: usize| x.layout().strides()[axis];
    let work = m * n * k;
    let write = |out: *mut E::Compute| {
        let out = Shared::new(out);
        let threads = Threads::worth(batches * work / 32);
        // The only product is cut itself.
        let [across, within] = match batches {
            1 => [Threads::One, threads],
            _ => [threads, Threads::One],
        };
        parallel::each(batches, across, |batch| {
            let (row, column) = (batch / nest.inner, batch % nest.inner);
            let at: [usize; 2] = std::array::from_fn(|x| {
                (nest.row(row)[x] as isize + column as isize * nest.inner_strides[x]) as usize
            });
            let lhs = Matrix {
                start: a.raw().wrapping_add(at[0]),
                row: stride(&a, rank - 2),
                column: stride(&a, rank - 1),
            };
            let rhs = Matrix {
                start: b.raw().wrapping_add(at[1]),
                row: stride(&b, rank - 2),
                column: stride(&b, rank - 1),
            };
            // SAFETY: the sizes fit and layouts stay inside their storage; each batch writes its
            // own m * n elements.
            unsafe {
                let dst = out.get().add(batch * m * n);
                E::Compute::gemm([m, n, k], (dst, n as isize, 1), false, lhs, rhs, within);
            }
        });
    };
    // SAFETY: the products of all batches are the output; one over no elements is written as 0.
    unsafe { narrow_into::<E>(&dims, write) }
}
