//! Matrix multiplication through the `gemm` crates, on raw strided operands.

use std::num::Wrapping;

use gemm_common::Parallelism;

use super::parallel::{self, Shared, Threads};

/// A matrix somewhere in memory: element `[i, j]` at `start + i * row + j * column`.
pub struct Matrix<C> {
    pub start: *const C,
    pub row: isize,
    pub column: isize,
}

// SAFETY: whoever reads through the address says why nobody writes there.
unsafe impl<C> Sync for Matrix<C> {}

impl<C> Matrix<C> {
    fn at(&self, i: usize, j: usize) -> *const C {
        self.start
            .wrapping_offset(i as isize * self.row + j as isize * self.column)
    }

    fn transposed(self) -> Self {
        Matrix {
            start: self.start,
            row: self.column,
            column: self.row,
        }
    }
}

/// Scalars that matrices multiply in.
pub trait Gemm: Sized {
    /// `dst = lhs x rhs`, or `dst += lhs x rhs`; sizes `[m, k] x [k, n]`.
    ///
    /// # Safety
    /// The operands cover their sizes; `dst` is written by nobody else and does not overlap them.
    unsafe fn gemm(
        sizes: [usize; 3],
        dst: (*mut Self, isize, isize),
        add: bool,
        lhs: Matrix<Self>,
        rhs: Matrix<Self>,
        threads: Threads,
    );
}

/// The size of the pieces that threads share. It depends on the operands alone: what an element is
/// does not depend on the number of threads, even if a kernel's sums depend on its sizes.
///
/// Each piece packs the operands that do not lie as the kernels want them: `lhs` by columns, `rhs`
/// by rows. So that one is cut that is packed anyway.
fn piece_sizes<C>([m, n]: [usize; 2], lhs: &Matrix<C>, rhs: &Matrix<C>) -> [usize; 2] {
    // Times a vector, columns of `lhs` are read once: longer ones are read faster.
    let least = if n == 1 && lhs.row == 1 { 2048 } else { 64 };
    let rows = (m / 16).next_multiple_of(16).clamp(least, least.max(192));
    let least = if lhs.row == 1 { 128 } else { 256 };
    let columns = (n / 16).next_multiple_of(8).clamp(least, 512);
    if m >= 2 * rows && (rhs.row == 1 || n < 2 * columns) {
        [rows, n]
    } else {
        [m, columns]
    }
}

macro_rules! float_gemm {
    ($C:ty, $get:path) => {
        impl Gemm for $C {
            unsafe fn gemm(
                [m, n, k]: [usize; 3],
                (dst, row, column): (*mut Self, isize, isize),
                add: bool,
                lhs: Matrix<Self>,
                rhs: Matrix<Self>,
                threads: Threads,
            ) {
                // The kernels write columns. A product that is stored by rows is, seen by
                // columns, the product of the transposes in the other order.
                let (m, n, row, column, lhs, rhs) = if column.abs() < row.abs() {
                    (n, m, column, row, rhs.transposed(), lhs.transposed())
                } else {
                    (m, n, row, column, lhs, rhs)
                };
                let [rows, columns] = match threads {
                    Threads::One => [m, n],
                    _ => piece_sizes([m, n], &lhs, &rhs),
                };
                let gemm = $get();
                let out = Shared::new(dst);
                let down = m.div_ceil(rows.max(1));
                parallel::each(down * n.div_ceil(columns.max(1)), threads, |piece| {
                    let (i, j) = (piece % down * rows, piece / down * columns);
                    // SAFETY: the caller's promise; the pieces are disjoint parts of `dst`.
                    unsafe {
                        gemm(
                            rows.min(m - i),
                            columns.min(n - j),
                            k,
                            out.get().offset(i as isize * row + j as isize * column),
                            column,
                            row,
                            add,
                            lhs.at(i, 0),
                            lhs.column,
                            lhs.row,
                            rhs.at(0, j),
                            rhs.column,
                            rhs.row,
                            1.0,
                            1.0,
                            false,
                            false,
                            false,
                            Parallelism::None,
                        );
                    }
                });
            }
        }
    };
}
float_gemm!(f32, gemm_f32::gemm::f32::get_gemm_fn);
float_gemm!(f64, gemm_f64::gemm::f64::get_gemm_fn);

macro_rules! integer_gemm {
    ($($T:ty)*) => {$(
        impl Gemm for Wrapping<$T> {
            unsafe fn gemm(
                [m, n, k]: [usize; 3],
                (dst, row, column): (*mut Self, isize, isize),
                add: bool,
                lhs: Matrix<Self>,
                rhs: Matrix<Self>,
                _: Threads,
            ) {
                for i in 0..m as isize {
                    for j in 0..n as isize {
                        let mut sum = Wrapping(0);
                        for l in 0..k as isize {
                            // SAFETY: the caller's promise.
                            unsafe {
                                sum += *lhs.start.offset(i * lhs.row + l * lhs.column)
                                    * *rhs.start.offset(l * rhs.row + j * rhs.column);
                            }
                        }
                        // SAFETY: as above.
                        unsafe {
                            let at = dst.offset(i * row + j * column);
                            *at = if add { *at + sum } else { sum };
                        }
                    }
                }
            }
        }
    )*};
}
integer_gemm!(u8 i32 i64);
