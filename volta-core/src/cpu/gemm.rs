//! Matrix multiplication through the `gemm` crates, on raw strided operands.

use std::num::Wrapping;

use gemm_common::Parallelism;

/// A matrix somewhere in memory: element `[i, j]` at `start + i * row + j * column`.
pub struct Matrix<C> {
    pub start: *const C,
    pub row: isize,
    pub column: isize,
}

impl<C> Matrix<C> {
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
        parallel: bool,
    );
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
                parallel: bool,
            ) {
                // The kernels write columns. A product that is stored by rows is, seen by
                // columns, the product of the transposes in the other order.
                let (m, n, row, column, lhs, rhs) = if column.abs() < row.abs() {
                    (n, m, column, row, rhs.transposed(), lhs.transposed())
                } else {
                    (m, n, row, column, lhs, rhs)
                };
                let parallelism = match parallel {
                    true => Parallelism::Rayon(0),
                    false => Parallelism::None,
                };
                // SAFETY: the caller's promise.
                unsafe {
                    $get()(
                        m,
                        n,
                        k,
                        dst,
                        column,
                        row,
                        add,
                        lhs.start,
                        lhs.column,
                        lhs.row,
                        rhs.start,
                        rhs.column,
                        rhs.row,
                        1.0,
                        1.0,
                        false,
                        false,
                        false,
                        parallelism,
                    );
                }
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
                _: bool,
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
